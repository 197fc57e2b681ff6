"""The sample retailer's exports: statements of real marts say what the ledger's numbers are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from orchestration.exports.statement_files import file_stem
from tests.conftest import Demo
from tests.documents.reading import text_of
from tests.orchestration.exports.formulas import recalculated

pytestmark = pytest.mark.integration
RETAIL = """
    select customer_id, sum(amount_cny) as amount_cny from marts_settlement.settlement_line
    where side = 'retail' and delivery_month = '2026-09-01' group by customer_id order by customer_id
"""


@pytest.fixture(scope="module")
def folder(demo: Demo) -> Path:
    """The export of September."""
    return demo.house.exports / "2026-09"


@pytest.fixture(scope="module")
def owed(demo: Demo) -> dict[str, Decimal]:
    """What each customer owes for September, by the settlement lines."""
    with demo.house.warehouse.admin.connect() as connection:
        return {row.customer_id: row.amount_cny for row in connection.execute(sa.text(RETAIL))}


def test_demo__every_customer_has_a_statement_of_what_is_owed(folder: Path, owed: dict[str, Decimal]) -> None:
    workbooks = {path.stem for path in (folder / "statements").glob("*.xlsx")}
    assert workbooks == {file_stem(customer) for customer in owed}
    assert len(owed) > 30
    for customer, amount in owed.items():
        cells = recalculated(folder / "statements" / f"{file_stem(customer)}.xlsx")
        assert all(stored == result for stored, result in cells.values()), customer
        assert amount in {stored for stored, _ in cells.values()}, customer


def test_demo__statements_as_documents_say_the_same(folder: Path, owed: dict[str, Decimal]) -> None:
    for customer, amount in list(owed.items())[:5]:
        text = text_of(folder / "statements" / f"{file_stem(customer)}.pdf")
        assert f"{amount:,}" in text, customer
        assert "山东" in text
        assert "示例规则参数" in text, "the sample's rules are illustrative, and the statement says so"


def test_demo__what_is_told_twice_agrees_and_the_journal_balances(
    folder: Path, owed: dict[str, Decimal]
) -> None:
    checks = pq.read_table(folder / "reconciliation.parquet").to_pylist()
    assert {row["result"] for row in checks} <= {"agrees", "within_rounding"}
    journal = pq.read_table(folder / "journal.parquet").to_pylist()
    assert sum((row["debit_cny"] or 0) - (row["credit_cny"] or 0) for row in journal) == 0
    receivable = sum(
        (row["debit_cny"] or 0) - (row["credit_cny"] or 0)
        for row in journal
        if row["account_code"] == "1122" and row["side"] == "retail"
    )
    assert receivable == sum(owed.values())

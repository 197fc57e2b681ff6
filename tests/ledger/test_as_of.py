"""A month settled as known at a past moment: what closing then gave, whatever came later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from orchestration.as_of import AsOfError, settle_as_of
from orchestration.ledger.closing import close_month
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows
from tests.ledger.acts import land, ledger_content, refresh
from tests.ledger.books import FIRST, FULL, late_draws

pytestmark = pytest.mark.integration
ONE_DAY = timedelta(days=1)
CLOSED_SIGNS = {"run_id", "is_closed"}


def _told(total: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in total.items() if name not in CLOSED_SIGNS}


def _shown(books: Warehouse, province: str) -> dict[str, str]:
    """The month's totals as the mart holds them."""
    (total,) = rows(
        books.admin,
        "select * from marts_settlement.settlement_month"
        " where delivery_month = :month and province = :province",
        month=FIRST,
        province=province,
    )
    return _told(total)


def test_as_of__gives_what_was_known_then_and_changes_nothing(
    books: Warehouse, ledger: sa.Engine, dbt_target: Path, tmp_path: Path
) -> None:
    before_late = _shown(books, FULL)
    known = rows(books.admin, "select max(known_at) as moment from landing.batch")[0]["moment"]
    close_month(ledger, FIRST, "Li Na", FULL)
    kept = ledger_content(books.admin)
    land(books, late_draws(tmp_path, 7))
    refresh(books, dbt_target)
    (now,) = rows(
        books.admin, "select sum(amount_cny) as changed from marts_settlement.settlement_correction_proposal"
    )
    assert now["changed"] != 0, "the late data would change the month"
    with books.admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"create database {books.name}_as_of")  # as a killed run leaves it
    said: list[str] = []

    then = settle_as_of(books, tmp_path / "dbt-as-of", FIRST, known, said.append)

    assert {row["province"]: _told(row) for row in then.totals}[FULL] == before_late
    assert _shown(books, FULL) == before_late, "the books keep what was closed"
    assert ledger_content(books.admin) == kept
    databases = rows(books.admin, "select datname from pg_database where datname like '%\\_as\\_of'")
    assert databases == []
    assert len(said) == 2


def test_as_of__before_anything_was_known_is_refused(books: Warehouse, dbt_target: Path) -> None:
    moment = datetime.now(UTC) - ONE_DAY
    said: list[str] = []
    with pytest.raises(AsOfError, match=r"no contract was known at .*; the first one is known since 20"):
        settle_as_of(books, dbt_target, FIRST, moment, said.append)

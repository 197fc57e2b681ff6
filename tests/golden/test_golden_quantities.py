"""The worked examples of docs/quantities.md, from files to marts; a correction changes its month only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from orchestration.warehouse import Warehouse
from tests.dbt.deliveries import write_csv
from tests.dbt.pipeline import checksum, rows, settle

HERE = Path(__file__).parent
CASES = HERE / "quantities"
TODAY = date(2026, 3, 10)
MARTS = [
    "--indirect-selection",
    "buildable",
    "--select",
    *(f"+sales_{name}" for name in ("quantity_slot", "quantity_month", "quantity_blocker", "purchase_month")),
    "+sales_quantity_adjustment",
    "+sales_contract_month",
]
DAYS = """
    select
        days.*, slots.day_kwh,
        days.contract_id || ' ' || days.delivery_on as name
    from marts_sales.sales_quantity_day days
    join (
        select contract_id, delivery_on, sum(quantity_mwh) * 1000 as day_kwh
        from marts_sales.sales_quantity_slot group by 1, 2
    ) as slots using (contract_id, delivery_on)
"""
QUERIES = {
    "months": """
        select *, contract_id || ' ' || to_char(delivery_month, 'YYYY-MM') as name
        from marts_sales.sales_quantity_month""",
    "adjustments": """
        select *, concat_ws(' ', contract_id, to_char(delivery_month, 'YYYY-MM'), adjustment_no) as name
        from marts_sales.sales_quantity_adjustment""",
    "purchase_month": "select *, contract_id as name from marts_sales.sales_purchase_month",
    "blockers": "select *, contract_id as name from marts_sales.sales_quantity_blocker",
}
EXPECTED: dict[str, Any] = yaml.safe_load((CASES / "expected.yml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.integration


def _land(engine: sa.Engine, *paths: Path) -> None:
    reports = ingest_paths(engine, paths)
    assert [refusal.message for report in reports for refusal in report.refusals] == []


def _plain(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: str(row[name]) if isinstance(row[name], Decimal) else row[name] for name in wanted}


@pytest.fixture
def distributed(warehouse: Warehouse, dbt_target: Path) -> sa.Engine:
    """All cases, landed and distributed."""
    load_packs(warehouse.admin, [HERE / "packs" / "golden_tou"])
    _land(warehouse.admin, *sorted(CASES.glob("*.csv")))
    settle(warehouse, dbt_target, TODAY, {}, *MARTS)
    return warehouse.admin


def test_golden_quantities__come_out_of_the_whole_pipeline(
    distributed: sa.Engine, warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    for part, query in QUERIES.items():
        found = {row["name"]: row for row in rows(distributed, query)}
        assert found.keys() == EXPECTED[part].keys(), part
        for name, wanted in EXPECTED[part].items():
            assert _plain(found[name], wanted) == wanted, name
    parts = rows(distributed, "select * from marts_sales.sales_purchase_distribution")
    assert {f"{row['product']} {row['contract_id']}": str(row["purchased_mwh"]) for row in parts} == EXPECTED[
        "purchases"
    ]
    days = {row["name"]: row for row in rows(distributed, DAYS)}
    for name, wanted in EXPECTED["days"].items():
        exact = {key: int(days[name][key]) if key == "day_kwh" else days[name][key] for key in wanted}
        assert exact == wanted, name
    assert len(days) == 31 + 28 + 31 + 28
    totals = rows(
        distributed,
        """
        select months.effective_mwh, sum(slots.quantity_mwh) as quantity_mwh
        from marts_sales.sales_quantity_month months
        join marts_sales.sales_quantity_slot slots
            on slots.contract_id = months.contract_id
            and date_trunc('month', slots.delivery_on) = months.delivery_month
        group by months.contract_id, months.delivery_month, months.effective_mwh
        """,
    )
    assert len(totals) == 4
    assert all(row["effective_mwh"] == row["quantity_mwh"] for row in totals)
    _a_correction_changes_its_month_alone(distributed, warehouse, dbt_target, tmp_path)


def _a_correction_changes_its_month_alone(
    engine: sa.Engine, warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    """Another run changes nothing; a new quantity for February moves no row of January."""
    query = "select xmin::text as written, * from marts_sales.sales_quantity_day where contract_id = 'GQ-1'"
    before = rows(engine, query)
    marts = [f"marts_sales.sales_{name}" for name in ("quantity_month", "quantity_day", "purchase_month")]
    known = checksum(engine, marts)
    settle(warehouse, dbt_target, TODAY, {}, *MARTS, tested=False)
    assert checksum(engine, marts) == known
    assert rows(engine, query) == before
    corrected = tmp_path / "contract_quantity.csv"
    write_csv(corrected, ("contract_id", "delivery_month", "quantity_mwh"), [("GQ-1", "2026-02", "260")])
    _land(engine, corrected)
    settle(warehouse, dbt_target, TODAY, {}, *MARTS)
    after = rows(engine, query)
    unmoved = [row for row in after if row in before]
    assert {row["delivery_month"].month for row in unmoved} == {1, 3}
    assert len(unmoved) == 62
    february = [row for row in after if row["delivery_month"].month == 2]
    assert sum(row[f"h{hour:02d}"] for row in february for hour in range(1, 25)) == 260_000
    (execution,) = rows(
        engine,
        "select contract_mwh from marts_sales.sales_contract_month"
        " where contract_id = 'GQ-1' and delivery_month = date '2026-02-01'",
    )
    assert execution == {"contract_mwh": Decimal("260.000")}

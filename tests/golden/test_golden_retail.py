"""A month under packages waits for their series, by name; under its own package a contract loses nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import pytest

from ingestion.contract_templates import Package, land_packages, read_packages
from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from orchestration.runs import BusinessDay
from orchestration.warehouse import Warehouse
from orchestration.what_if import Ask, what_if
from tests.dbt.pipeline import SETTLEMENT, rows, settle

PROVINCE = "golden_retail"
HERE = Path(__file__).parent
CASE = HERE / "cases" / PROVINCE
MONTH = date(2026, 2, 1)
TODAY = date(2026, 3, 10)
SERIES = "reference_series.csv"
LACKING = {
    ("spread", "base"),
    ("guarantee_share", "base"),
    ("composite", "base"),
    ("composite", "ref"),
    ("mixed", "ref"),
    ("coal", "ceci"),
}
"""What contracts lack without the published series; the linked one names a market series instead."""

pytestmark = pytest.mark.integration


def _land(warehouse: Warehouse, paths: list[Path]) -> None:
    refused = [x.message for report in ingest_paths(warehouse.admin, paths) for x in report.refusals]
    assert not refused


def test_retail_month__waits_for_its_series_and_then_agrees_with_the_what_if(
    warehouse: Warehouse, dbt_target: Path
) -> None:
    packages = {
        package.head.package: package for package in read_packages(sorted(CASE.glob("package_*.yml")), [])
    }
    load_packs(warehouse.admin, [HERE / "packs"])
    land_packages(warehouse.admin, list(packages.values()))
    _land(warehouse, [path for path in sorted(CASE.glob("*.csv")) if path.name != SERIES])
    settle(warehouse, dbt_target, TODAY, {PROVINCE: [MONTH]}, *SETTLEMENT)
    _is_blocked(warehouse)
    _land(warehouse, [CASE / SERIES])
    settle(warehouse, dbt_target, TODAY, {PROVINCE: [MONTH]})
    assert rows(warehouse.admin, "select message from marts_settlement.settlement_blocker") == []
    for contract, difference in {
        "mixed": "0.00",
        "composite": "0.00",
        "deviation": "0.00",
        "agreed": "2000.00",
    }.items():
        package = packages[f"{PROVINCE}_{contract}"]
        assert _difference(warehouse, dbt_target, package, contract) == Decimal(difference), contract


def _is_blocked(warehouse: Warehouse) -> None:
    found = rows(warehouse.admin, "select * from marts_settlement.settlement_blocker")
    assert {(row["object_id"].removeprefix(f"{PROVINCE}-"), row["field"]) for row in found} == LACKING
    assert {row["blocker_kind"] for row in found} == {"contract_input_missing"}
    (base,) = [row for row in found if row["object_id"] == f"{PROVINCE}-composite" and row["field"] == "base"]
    assert base["message"] == (
        "package golden_retail_composite 1 of contract golden_retail-composite lacks base for 2026-02"
    )
    assert "series benchmark of golden_retail for 2026-02 in feed reference_series" in base["remedy"]
    for mart in ("line", "margin", "month", "income"):
        assert rows(warehouse.admin, f"select 1 from marts_settlement.settlement_{mart}") == [], mart


def _difference(warehouse: Warehouse, target: Path, package: Package, contract: str) -> Decimal | None:
    """What the contract's month would come to under the package, less what is settled."""
    ask = Ask(package, MONTH, MONTH, contracts=(f"{PROVINCE}-{contract}",))
    run_id = what_if(warehouse, target, BusinessDay.pinned(TODAY), ask, _nobody_waits)
    (row,) = rows(
        warehouse.admin, "select * from marts_sales.sales_package_what_if where run_id = :run", run=run_id
    )
    assert row["blocked_by"] is None
    assert row["margin_then_cny"] - row["margin_now_cny"] == row["difference_cny"]
    difference: Decimal | None = row["difference_cny"]
    return difference


def _nobody_waits(message: str) -> NoReturn:
    raise AssertionError(f"a test's warehouse has no second writer: {message}")

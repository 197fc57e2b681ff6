"""The golden cases of domain §3, §4.1 to §4.3, §4.6 and §6, from files to marts."""

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
from tests.dbt.pipeline import rows, settle

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "cases").iterdir() if path.is_dir())
MONTH = date(2026, 2, 1)
LINES = """
    select * from marts_settlement.settlement_line
    where province = :province and side = :side
"""

pytestmark = pytest.mark.integration


@pytest.fixture
def settled(warehouse: Warehouse, dbt_target: Path) -> sa.Engine:
    """All cases, landed and settled in one pass."""
    load_packs(warehouse.admin, [HERE / "packs"])
    reports = ingest_paths(warehouse.admin, sorted((HERE / "cases").rglob("*.csv")))
    refused = [refusal.message for report in reports for refusal in report.refusals]
    assert not refused
    settle(warehouse, dbt_target, date(2026, 3, 10), {case.name: [MONTH] for case in CASES})
    return warehouse.admin


def test_golden_cases__come_out_of_the_whole_pipeline(settled: sa.Engine) -> None:
    blockers = rows(settled, "select province, message from marts_settlement.settlement_blocker")
    assert blockers == []
    for case in CASES:
        expected = yaml.safe_load((case / "expected.yml").read_text(encoding="utf-8"))
        _check_lines(settled, case.name, "retail", "tou_period", expected.pop("retail_lines", {}))
        for side in ("wholesale", "recovery", "operation"):
            _check_lines(settled, case.name, side, "component", expected.pop(f"{side}_lines", {}))
        _check_register(settled, case.name, expected.pop("register_check", {}))
        (month,) = rows(
            settled, "select * from marts_settlement.settlement_month where province = :p", p=case.name
        )
        assert expected, f"{case.name} expects nothing of its month"
        assert _plain(month, expected) == expected, case.name


def _check_lines(
    engine: sa.Engine, province: str, side: str, key: str, expected: dict[str, dict[str, str]]
) -> None:
    found = {row[key]: row for row in rows(engine, LINES, province=province, side=side)}
    if expected:
        assert found.keys() == expected.keys(), province
    for name, line in expected.items():
        assert _plain(found[name], line) == line, (province, name)


def _check_register(engine: sa.Engine, province: str, expected: dict[str, Any]) -> None:
    if expected:
        query = "select * from marts_energy.energy_register_check where metering_point_id = :point"
        (check,) = rows(engine, query, point=f"{province}-point")
        assert _plain(check, expected) == expected


def _plain(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The wanted columns; decimals as printed."""
    return {name: str(row[name]) if isinstance(row[name], Decimal) else row[name] for name in wanted}

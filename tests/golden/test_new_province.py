"""A province that no code knows: one YAML file, settled to the fen, blocked while undecided."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import SETTLEMENT, rows, settle

PROVINCE = "golden_province_34"
HERE = Path(__file__).parent
CASE = HERE / "cases" / PROVINCE
ROOMS = ("ingestion", "dbt_project", "ml", "orchestration", "dashboards")
CONDITION = "tou_condition_day.csv"
BUSINESS_DAY = date(2026, 3, 10)
RETAIL = """
    select tou_period, amount_cny from marts_settlement.settlement_line
    where province = :province and side = 'retail' order by tou_period
"""


def test_new_province__is_one_file_that_no_code_names() -> None:
    assert len(list((HERE / "packs" / PROVINCE).iterdir())) == 1
    root = HERE.parents[1]
    for path in [path for room in ROOMS for path in (root / room).rglob("*")]:
        if path.suffix in {".py", ".sql", ".yml", ".csv"} and "target" not in path.parts:
            assert PROVINCE not in path.read_text(encoding="utf-8"), path


def _land(engine: sa.Engine, paths: list[Path]) -> None:
    refused = [refusal.message for report in ingest_paths(engine, paths) for refusal in report.refusals]
    assert not refused


def _settled(warehouse: Warehouse, target: Path) -> dict[str, str]:
    settle(warehouse, target, BUSINESS_DAY, {PROVINCE: [date(2026, 2, 1)]}, *SETTLEMENT)
    return {
        row["tou_period"]: str(row["amount_cny"]) for row in rows(warehouse.admin, RETAIL, province=PROVINCE)
    }


@pytest.mark.integration
def test_new_province__waits_for_its_condition_and_follows_its_correction(
    warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    load_packs(warehouse.admin, [HERE / "packs" / PROVINCE])
    _land(warehouse.admin, sorted(path for path in CASE.glob("*.csv") if path.name != CONDITION))
    assert _settled(warehouse, dbt_target) == {}
    blockers = rows(
        warehouse.admin,
        "select delivery_on, field, message, remedy from marts_settlement.settlement_blocker order by 1",
    )
    assert [row["delivery_on"] for row in blockers] == [date(2026, 2, day) for day in range(1, 29)]
    assert blockers[9] == {
        "delivery_on": date(2026, 2, 10),
        "field": "tou.conditions",
        "message": "nobody has said whether condition hot_day (the day's maximum temperature in the capital "
        "is 35 °C or more) of golden_province_34 held on 2026-02-10, "
        "and a TOU contract needs the time of use of that day",
        "remedy": "deliver golden_province_34, 2026-02-10, hot_day and yes or no in feed tou_condition_day",
    }

    _land(warehouse.admin, [CASE / CONDITION])
    assert _settled(warehouse, dbt_target) == {"sharp": "9126.19", "peak": "7315.73", "valley": "4222.64"}

    # the ninth was hot after all: 20.004 MWh at the sharp price
    corrected = tmp_path / CONDITION
    shutil.copy(CASE / CONDITION, corrected)
    corrected.write_text(corrected.read_text().replace("02-09,hot_day,no", "02-09,hot_day,yes"))
    lines = corrected.read_text().splitlines()
    corrected.write_text("\n".join([lines[0], *(line for line in lines if "02-09" in line)]) + "\n")
    _land(warehouse.admin, [corrected])
    assert _settled(warehouse, dbt_target) == {"sharp": "18250.55", "valley": "4222.64"}

"""Month-end levelling from delivered files, in a province whose pack says ``levelled``."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ingestion.market_rules import load_packs
from ingestion.vee import run_vee
from tests.ingestion.vee.conftest import Desk, known, midnight

pytestmark = pytest.mark.integration

PACK = """\
province: x
version: "1"
effective_from: 2026-01-01
effective_to: 2026-12-31
status: sourced
sources:
  - {id: tests, name: an invented province, tag: G}
settlement:
  month_end_meter_difference: {value: levelled, confidence: G}
tou:
  schedule:
    confidence: G
    value:
      - months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        periods:
          peak: ["00:00-12:00"]
          valley: ["12:00-24:00"]
"""
MONTH = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]
TODAY = date(2026, 4, 2)
DAY = [3000] * 48 + [2000] * 48  # 144 + 96 = 240 kWh


@pytest.fixture
def month(desk: Desk, tmp_path: Path) -> Desk:
    """A whole month of 7,440 kWh in a levelling province."""
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "x.yml").write_text(PACK, encoding="utf-8")
    load_packs(desk.engine, [tmp_path / "packs"])
    desk.master()
    for day in MONTH:
        desk.meter(day, DAY)
    desk.freeze(midnight(MONTH[0]), "100.00", kind="monthly_freeze")
    return desk


def test_levelling__5_kwh_by_tou_share_1_kwh_each_in_order(month: Desk) -> None:
    """The registers have 5 kWh more: 3 to the first peak slots, 2 to the first valley slots."""
    month.freeze(midnight(date(2026, 4, 1)), "7545.00", kind="monthly_freeze")
    report = run_vee(month.engine, TODAY)
    assert (report.estimated_days, report.verdicts) == (1, 1)
    found = month.estimate(MONTH[0])
    assert found["wh"] == [4000] * 3 + [3000] * 45 + [3000] * 2 + [2000] * 46
    assert found["rules"] == dict.fromkeys([1, 2, 3, 49, 50], "EST_LEVELLED")
    assert found["known_at"] == known(MONTH[-1])
    assert run_vee(month.engine, TODAY).batches == 0


def test_levelling__is_undone_when_the_register_is_corrected(month: Desk) -> None:
    month.freeze(midnight(date(2026, 4, 1)), "7545.00", kind="monthly_freeze")
    first = run_vee(month.engine, TODAY)
    month.freeze(
        midnight(date(2026, 4, 1)), "7540.00", kind="monthly_freeze", known_at=midnight(date(2026, 4, 3))
    )
    run_vee(month.engine, TODAY, after_batch_seq=first.through_batch_seq)
    verdicts = month.rows("select delivery_on, verdict from landing.meter_day_verdict order by batch_id")
    assert [row["verdict"] for row in verdicts] == ["failed", "valid"]
    assert run_vee(month.engine, TODAY).batches == 0


def test_levelling__too_far_apart_is_told_and_left(month: Desk) -> None:
    month.freeze(midnight(date(2026, 4, 1)), "9000.00", kind="monthly_freeze")
    report = run_vee(month.engine, TODAY)
    assert (report.estimated_days, report.rules) == (0, {"MONTH_DIFFERENCE": 1})

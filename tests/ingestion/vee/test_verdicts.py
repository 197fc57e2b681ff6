"""Validation from delivered files: what fails, what is only suspect, and what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ingestion.vee import run_vee
from ingestion.vee.checks import check_vee
from tests.ingestion.vee.conftest import FIRST, Desk, known, midnight

pytestmark = pytest.mark.integration

DAY = FIRST + timedelta(days=9)
TODAY = DAY + timedelta(days=2)
FLAT = [1000] * 96


def _week(desk: Desk, point: str = "M", wh: int = 1000) -> None:
    for number in range((DAY - FIRST).days):
        desk.meter(FIRST + timedelta(days=number), [wh] * 96, point)


def _verdicts(desk: Desk, point: str = "M") -> list[tuple[Any, ...]]:
    query = """
        select v.version, v.verdict, v.rule_codes, b.known_at
        from landing.meter_day_verdict v join landing.batch b using (batch_id)
        where v.metering_point_id = :point order by v.batch_id
    """
    return [tuple(row.values()) for row in desk.rows(query, point=point)]


def _flags(desk: Desk, code: str) -> list[tuple[int, str]]:
    query = "select slot, reason from landing.meter_slot_flag where rule_code = :code order by slot"
    return [(row["slot"], row["reason"]) for row in desk.rows(query, code=code)]


def test_above_capacity__fails_and_its_slots_are_estimated(desk: Desk) -> None:
    """100 kVA carry at most 100 x 0.25 x 1.2 = 30 kWh in a slot."""
    desk.master(capacity_kva=100)
    _week(desk)
    desk.meter(DAY, [30_000, 30_001, 50_000, *[1000] * 93])
    run_vee(desk.engine, TODAY)
    assert _verdicts(desk) == [(1, "failed", "ABOVE_CAPACITY", known(DAY))]
    assert [slot for slot, _ in _flags(desk, "ABOVE_CAPACITY")] == [2, 3]
    found = desk.estimate(DAY)
    assert found["rules"] == dict.fromkeys([2, 3], "EST_TYPICAL_DAY")
    assert found["wh"][0] == 30_000
    assert found["wh"][3:] == [1000] * 93
    assert check_vee(desk.engine).success


def test_spike_and_zero_run__are_told_and_change_nothing(desk: Desk) -> None:
    desk.master()
    _week(desk)
    desk.meter(DAY, [3001, 3000, *[1000] * 78, *[0] * 16])
    report = run_vee(desk.engine, TODAY)
    assert report.rules == {"SPIKE": 1, "ZERO_RUN": 16}
    assert _flags(desk, "SPIKE") == [(1, "up to 3001 Wh; the days before reached 1000 Wh")]
    assert (_verdicts(desk), report.estimated_days) == ([], 0)


def test_zero_run__15_zeros_or_a_night_that_is_always_dark_are_none(desk: Desk) -> None:
    desk.master()
    for number in range((DAY - FIRST).days):
        desk.meter(FIRST + timedelta(days=number), [0] * 40 + [1000] * 56)
    desk.meter(DAY, [0] * 55 + [1000] * 41)
    assert run_vee(desk.engine, TODAY).rules == {}


def test_meter_day_error__above_5_percent_keeps_the_registers_total_and_the_days_own_shape(
    desk: Desk,
) -> None:
    """Curve 96 kWh, registers 120 kWh: 20 % apart."""
    desk.master()
    _week(desk)
    desk.meter(DAY, [2000] * 48 + [0] * 48)
    desk.freeze(midnight(DAY), "10.00")
    desk.freeze(midnight(DAY + timedelta(days=1)), "130.00", known_at=known(DAY, 10))
    run_vee(desk.engine, TODAY)
    assert _verdicts(desk) == [(1, "failed", "METER_DAY_ERROR", known(DAY, 10))]
    found = desk.estimate(DAY)
    assert found["wh"] == [2500] * 48 + [0] * 48
    assert found["known_at"] == known(DAY, 10)
    assert len(found["rules"]) == 96


def test_freeze_mismatch__between_half_and_5_percent_is_suspect_and_resolution_is_no_difference(
    desk: Desk,
) -> None:
    desk.master()
    _week(desk)
    desk.meter(DAY, FLAT)
    desk.freeze(midnight(DAY), "0.00")
    desk.freeze(midnight(DAY + timedelta(days=1)), "98.00", known_at=known(DAY, 10))
    desk.freeze(midnight(DAY - timedelta(days=1)), "0.01", "N")
    report = run_vee(desk.engine, TODAY)
    assert report.rules == {"FREEZE_MISMATCH": 1}
    assert (_verdicts(desk), _flags(desk, "FREEZE_MISMATCH")[0][0]) == ([], 0)


def test_verdict__is_taken_back_when_the_register_is_corrected(desk: Desk) -> None:
    desk.master()
    _week(desk)
    desk.meter(DAY, FLAT)
    desk.freeze(midnight(DAY), "0.00")
    desk.freeze(midnight(DAY + timedelta(days=1)), "960.00", known_at=known(DAY, 10))
    first = run_vee(desk.engine, TODAY)
    desk.freeze(midnight(DAY + timedelta(days=1)), "96.00", known_at=known(DAY, 12))
    run_vee(desk.engine, TODAY, after_batch_seq=first.through_batch_seq)
    assert _verdicts(desk) == [
        (1, "failed", "METER_DAY_ERROR", known(DAY, 10)),
        (1, "valid", "METER_DAY_ERROR", known(DAY, 12)),
    ]
    assert run_vee(desk.engine, TODAY).batches == 0


def test_rollback__is_told_on_its_day(desk: Desk) -> None:
    desk.master()
    _week(desk)
    desk.meter(DAY, FLAT)
    desk.freeze(midnight(DAY), "500.00")
    desk.freeze(midnight(DAY + timedelta(days=1)), "499.00")
    assert run_vee(desk.engine, TODAY).rules == {"ROLLBACK": 1}


def test_sub_above_main__is_capped_to_the_main_point(desk: Desk) -> None:
    desk.master({"M": {}, "S": {"main": "M"}})
    _week(desk)
    _week(desk, "S", 600)
    desk.meter(DAY, FLAT)
    desk.meter(DAY, [600] * 95 + [1300], "S")
    run_vee(desk.engine, TODAY)
    assert _verdicts(desk, "S") == [(1, "failed", "SUB_ABOVE_MAIN", known(DAY))]
    found = desk.estimate(DAY, "S")
    assert found["wh"] == [600] * 95 + [1000]
    assert found["rules"] == {96: "EST_SUB_CAPPED"}
    assert _verdicts(desk) == []


def test_sub_above_main__a_corrected_main_point_clears_its_sub_points(desk: Desk) -> None:
    desk.master({"M": {}, "S": {"main": "M"}})
    desk.meter(DAY, FLAT)
    desk.meter(DAY, [600] * 95 + [1300], "S")
    first = run_vee(desk.engine, TODAY)
    desk.meter(DAY, [1000] * 95 + [1400], known_at=known(DAY, 15))
    second = run_vee(desk.engine, TODAY, after_batch_seq=first.through_batch_seq)
    assert [row[1:] for row in _verdicts(desk, "S")] == [
        ("failed", "SUB_ABOVE_MAIN", known(DAY)),
        ("valid", "SUB_ABOVE_MAIN", known(DAY, 15)),
    ]
    assert second.looked_at == 2


def test_later_delivery__makes_the_estimate_superfluous_and_lands_nothing(desk: Desk) -> None:
    desk.master()
    _week(desk)
    desk.meter(DAY, [None, None, *[1000] * 94])
    run_vee(desk.engine, TODAY)
    estimated = desk.estimate(DAY)["version"]
    desk.meter(DAY, FLAT, known_at=known(DAY, 20))
    assert run_vee(desk.engine, TODAY).batches == 0
    assert estimated == 2


def test_redelivery__of_the_same_gap_is_unchanged_although_an_estimate_lies_above(desk: Desk) -> None:
    desk.master()
    _week(desk)
    gap: list[int | None] = [None, None, *[1000] * 94]
    desk.meter(DAY, gap)
    run_vee(desk.engine, TODAY)
    header = ["metering_point_id", "channel", "delivery_on", *[f"p{n:02d}" for n in range(1, 97)]]
    cells = ["" if wh is None else "1.0" for wh in gap]
    report = desk.deliver_any("meter_day", header, [["M", "active_import", DAY, *cells]], known(DAY, 20))
    assert [refusal.code for refusal in report.refusals] == ["UNCHANGED"]


@pytest.mark.parametrize("source", ["vee", "edit"])
def test_intake__refuses_a_delivery_that_says_it_is_our_own(desk: Desk, source: str) -> None:
    report = desk.deliver_any("meter_day", ["metering_point_id"], [["M"]], known(DAY), source=source)
    assert (report.status, report.refusals[0].code) == ("unreadable", "RESERVED_SOURCE")


def test_intake__refuses_the_quality_edited(desk: Desk) -> None:
    header = ["metering_point_id", "channel", "delivery_on", "quality", *[f"p{n:02d}" for n in range(1, 97)]]
    row = ["M", "active_import", date(2026, 3, 2), "edited", *["1"] * 96]
    report = desk.deliver_any("meter_day", header, [row], known(DAY))
    assert [refusal.code for refusal in report.refusals] == ["UNKNOWN_CHOICE"]

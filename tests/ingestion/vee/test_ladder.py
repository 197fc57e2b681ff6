"""Every rung of the estimation ladder, from delivered files: the worked numbers of domain §6."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ingestion.vee import run_vee
from tests.ingestion.vee.conftest import FIRST, Desk, known, midnight

pytestmark = pytest.mark.integration

DAY = FIRST + timedelta(days=9)  # Wednesday of the second week
TODAY = DAY + timedelta(days=2)
FLAT = [1000] * 96


def _week(desk: Desk, wh: list[int | None] | None = None, point: str = "M") -> None:
    """The days before DAY, all alike."""
    for number in range((DAY - FIRST).days):
        desk.meter(FIRST + timedelta(days=number), wh or FLAT, point)


def _with(gap: dict[int, int | None], wh: list[int] | None = None) -> list[int | None]:
    """A day with other values in some slots (1 … 96)."""
    return [gap.get(slot, value) for slot, value in enumerate(wh or FLAT, start=1)]


def test_estimation__one_missing_between_12_and_14_kwh_is_13(desk: Desk) -> None:
    desk.master()
    desk.meter(DAY, _with({40: 12_000, 41: None, 42: 14_000}))
    report = run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert found["wh"] == _with({40: 12_000, 41: 13_000, 42: 14_000})
    assert (found["rules"], found["quality"]) == ({41: "EST_NEIGHBOUR_MEAN"}, "estimated")
    assert found["known_at"] == known(DAY)
    assert (report.estimated_days, report.batches) == (1, 1)


def test_estimation__20_kwh_shared_2_3_5_keeps_the_registers_total(desk: Desk) -> None:
    """The daily registers say 113 kWh, 93 slots hold 93 kWh; last week's workdays have 2, 3, 5 there."""
    desk.master()
    _week(desk, [2000, 3000, 5000, *[1000] * 93])
    desk.meter(DAY, _with({1: None, 2: None, 3: None}))
    desk.freeze(midnight(DAY), "500.00")
    desk.freeze(midnight(DAY + timedelta(days=1)), "613.00", known_at=known(DAY, 9))
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert found["wh"] == [4000, 6000, 10000, *[1000] * 93]
    assert found["rules"] == dict.fromkeys([1, 2, 3], "EST_FREEZE_TOTAL")
    assert found["known_at"] == known(DAY, 9)
    assert "20000 Wh" in found["reasons"][1]


def test_estimation__multiplier_makes_13500_kwh_of_4_50(desk: Desk) -> None:
    """A whole day without a delivery: (R1 - R0) x CT 150/5 x PT 10,000/100, shared by the typical day."""
    desk.master({"M": {"ct": 30, "pt": 100}}, capacity_kva=10_000)
    _week(desk, [140_000] * 96)
    desk.freeze(midnight(DAY), "120.10")
    desk.freeze(midnight(DAY + timedelta(days=1)), "124.60")
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert sum(found["wh"]) == 13_500_000
    assert set(found["rules"].values()) == {"EST_FREEZE_TOTAL"}
    # not before D+1 has passed
    assert found["known_at"] == midnight(DAY + timedelta(days=2))


def test_estimation__equal_readings_on_both_sides_are_zero(desk: Desk) -> None:
    desk.master()
    _week(desk)
    desk.meter(DAY, _with({5: None, 6: None, 7: None}, [0] * 96))
    desk.freeze(midnight(DAY), "77.50")
    desk.freeze(midnight(DAY + timedelta(days=1)), "77.50")
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert found["wh"] == [0] * 96
    assert found["rules"] == dict.fromkeys([5, 6, 7], "EST_EQUAL_READINGS")


def test_estimation__first_good_reading_0_makes_earlier_gaps_0(desk: Desk) -> None:
    """A meter that starts at 10:00: nothing flowed in the 40 slots before."""
    desk.master()
    desk.meter(DAY, [None] * 40 + [1000] * 56)
    desk.freeze(midnight(DAY) + timedelta(hours=10), "0.00")
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert found["wh"] == [0] * 40 + [1000] * 56
    assert found["rules"] == dict.fromkeys(range(1, 41), "EST_LEADING_ZERO")


def test_estimation__meter_change_is_extended_flat(desk: Desk) -> None:
    desk.master()
    _week(desk)
    names = "metering_point_id,effective_from,account_id,meter_id,ct_ratio,pt_ratio,net_rule"
    desk.deliver(
        "metering_point", names.split(","), [["M", DAY, "A", "M-2", 1, 1, "import_only"]], midnight(DAY)
    )
    desk.meter(DAY, _with({30: 700, 31: None, 32: None, 33: None}))
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert found["wh"] == _with(dict.fromkeys([30, 31, 32, 33], 700))
    assert found["rules"] == dict.fromkeys([31, 32, 33], "EST_METER_CHANGE")


def test_estimation__longer_gap_takes_the_typical_day_scaled_by_the_good_slots(desk: Desk) -> None:
    """The day runs at twice last week's level; the weekend in between counts for nothing."""
    desk.master()
    _week(desk)
    desk.meter(DAY, _with({10: None, 11: None, 12: None}, [2000] * 96))
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert found["wh"] == [2000] * 96
    assert found["rules"] == dict.fromkeys([10, 11, 12], "EST_TYPICAL_DAY")
    assert "2026-03-02 to 2026-03-08" in found["reasons"][10]


def test_estimation__one_missing_reading_splits_the_known_energy_equally(desk: Desk) -> None:
    """Registers 12 and 14 kWh around one lost reading: 13 in between, 1 kWh in each slot."""
    desk.master()
    desk.meter(DAY, _with({3: None, 4: None}))
    desk.freeze(midnight(DAY) + timedelta(minutes=30), "12.00")
    desk.freeze(midnight(DAY) + timedelta(minutes=60), "14.00")
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert found["wh"] == FLAT
    assert found["rules"] == dict.fromkeys([3, 4], "EST_LINEAR_REGISTER")


def test_estimation__without_a_typical_day_it_is_a_straight_line(desk: Desk) -> None:
    desk.master()
    desk.meter(DAY, _with({1: None, 2: None, 3: 3000}))
    desk.meter(DAY - timedelta(days=200), _with({1: None}))
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert found["wh"][:3] == [3000, 3000, 3000]  # nothing before: the one neighbour
    assert found["rules"] == dict.fromkeys([1, 2], "EST_LINEAR")


def test_estimation__a_monthly_total_bounds_a_missing_day(desk: Desk) -> None:
    """31 kWh a day but for the missing one, which the month's registers put at 62 kWh."""
    desk.master()
    month = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]
    for day in month:
        if day != date(2026, 3, 18):
            desk.meter(day, [320] * 96)
    desk.freeze(midnight(month[0]), "0.00", kind="monthly_freeze")
    total = 30 * 96 * 320 + 62_000
    desk.freeze(midnight(date(2026, 4, 1)), f"{total / 1000:.2f}", kind="monthly_freeze")
    run_vee(desk.engine, date(2026, 4, 5))
    found = desk.estimate(date(2026, 3, 18))
    assert abs(sum(found["wh"]) - 62_000) <= 10  # registers land with two decimals of a kWh
    assert set(found["rules"].values()) == {"EST_FREEZE_TOTAL"}


def test_estimation__a_day_is_not_missed_before_d_plus_1_has_passed(desk: Desk) -> None:
    desk.master()
    _week(desk)
    assert run_vee(desk.engine, DAY + timedelta(days=1)).estimated_days == 0
    assert run_vee(desk.engine, DAY + timedelta(days=2)).estimated_days == 1


def test_estimation__a_day_that_is_not_over_is_left_alone_and_taken_up_when_it_is(desk: Desk) -> None:
    """Live registers fold half a day into meter_day; the other half has not happened yet."""
    desk.master()
    _week(desk)
    desk.meter(DAY, [1000] * 48 + [None] * 48, known_at=midnight(DAY) + timedelta(hours=12))
    first = run_vee(desk.engine, DAY)
    assert first.estimated_days == 0
    second = run_vee(desk.engine, DAY + timedelta(days=1), after_batch_seq=first.through_batch_seq)
    assert (second.looked_at, second.estimated_days) == (1, 1)


def test_estimation__what_nothing_tells_of_stays_missing_and_is_told(desk: Desk) -> None:
    desk.master()
    desk.meter(DAY, [None] * 96)
    report = run_vee(desk.engine, TODAY)
    assert report.unestimated == [("M", "active_import", DAY)]
    assert desk.rows("select * from landing.meter_day where source = 'vee'") == []


def test_run__again_lands_nothing_and_a_register_that_comes_later_counts(desk: Desk) -> None:
    desk.master()
    _week(desk)
    desk.meter(DAY, _with({1: None, 2: None, 3: None}))
    first = run_vee(desk.engine, TODAY)
    assert run_vee(desk.engine, TODAY).batches == 0
    assert run_vee(desk.engine, TODAY, after_batch_seq=first.through_batch_seq).looked_at == 0
    desk.freeze(midnight(DAY), "500.00")
    desk.freeze(midnight(DAY + timedelta(days=1)), "599.00")
    again = run_vee(desk.engine, TODAY, after_batch_seq=first.through_batch_seq)
    assert (again.estimated_days, again.looked_at) == (1, 2)
    found = desk.estimate(DAY)
    assert found["wh"][:4] == [2000, 2000, 2000, 1000]
    assert run_vee(desk.engine, TODAY).batches == 0


def test_run__counts_its_batches_and_never_touches_metered_slots(desk: Desk) -> None:
    desk.master()
    _week(desk)
    gap = _with({20: None, 21: None, 50: None}, list(range(1000, 1096)))
    desk.meter(DAY, gap)
    run_vee(desk.engine, TODAY)
    found = desk.estimate(DAY)
    assert [slot for slot in range(1, 97) if found["wh"][slot - 1] != gap[slot - 1]] == [20, 21, 50]
    batches = desk.rows(
        "select rows_delivered, rows_landed, rows_quarantined, source from landing.batch where source = 'vee'"
    )
    assert batches == [{"rows_delivered": 1, "rows_landed": 1, "rows_quarantined": 0, "source": "vee"}]

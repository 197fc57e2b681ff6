"""The second province, the months before the sample's year, and what comes after months were closed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from ingestion.market_rules import BUILT_IN
from ingestion.market_rules.library import list_packs, ruling_pack
from ingestion.sample.anhui.market import CAP_MILLI, FLOOR_MILLI
from ingestion.sample.config import CLOSED_MONTHS, CUT_AT, FIRST_ON, LATE_AT, SETTLED_MONTHS
from ingestion.sample.defects import DEFECTS
from ingestion.sample.deliveries import World
from ingestion.sample.late import late_deliveries
from ingestion.sample.monthly import Part
from ingestion.sample.points import IMPORT
from ingestion.sample.span import days_of, energy_on, month_end, price_on
from ingestion.sample.writer import Delivery, milli

MONTHS = [date.fromisoformat(f"{month}-01") for month in SETTLED_MONTHS]


def rows_of(deliveries: list[Delivery], name: str) -> list[dict[str, str]]:
    (delivery,) = [one for one in deliveries if one.file_name == name]
    return list(csv.DictReader(io.StringIO(delivery.content.decode())))


def parts_of(world: World) -> list[Part]:
    return [world.prior, world.anhui.before, world.anhui.now]


def test_provinces__the_rules_settle_by_different_forms_in_every_month() -> None:
    assert len(MONTHS) == 12
    packs = list_packs([BUILT_IN])
    for month in MONTHS:
        forms = []
        for province in ("shandong", "anhui"):
            settlement = ruling_pack(province, month, packs).settlement
            assert settlement is not None
            assert settlement.form is not None
            forms.append(settlement.form.value)
        assert forms == ["difference", "two_settlement"]


@pytest.mark.parametrize("month", MONTHS)
def test_anhui__every_point_is_metered_on_every_day(
    deliveries: list[Delivery], world: World, month: date
) -> None:
    part = world.anhui.before if month < FIRST_ON else world.anhui.now
    found = Counter(
        (row["metering_point_id"], row["delivery_on"])
        for row in rows_of(deliveries, f"meter_day-anhui-{month:%Y-%m}.csv")
    )
    days = [month + timedelta(days=n) for n in range((month_end(month) - month).days + 1)]
    assert found == {(point.metering_point_id, str(day)): 1 for point in part.points for day in days}


def test_anhui__the_running_month_goes_to_the_day_before_the_business_date(
    deliveries: list[Delivery],
) -> None:
    rows = rows_of(deliveries, "meter_day-anhui-2026-11.csv")
    assert max(row["delivery_on"] for row in rows) == "2026-11-11"


def test_prior_days__repeat_the_day_52_weeks_later_with_less_energy(world: World) -> None:
    day = date(2025, 12, 24)
    later = day + timedelta(weeks=52)
    curve = world.prior.points[0].import_wh
    assert energy_on(curve, day).tolist() == (energy_on(curve, later) * 970 // 1000).tolist()
    moved = price_on(world.prices.day_ahead, day) - price_on(world.prices.day_ahead, later)
    assert len(set(moved.tolist())) == 1
    assert abs(int(moved[0])) <= 25_000


def test_anhui__prices_keep_to_the_limits_and_are_its_own(world: World) -> None:
    prices = world.anhui.now.prices
    for own, neighbour in (
        (prices.day_ahead, world.prices.day_ahead),
        (prices.real_time, world.prices.real_time),
    ):
        assert FLOOR_MILLI <= int(own.min()) <= int(own.max()) <= CAP_MILLI
        assert 0.5 < np.corrcoef(own.ravel(), neighbour.ravel())[0, 1] < 0.999


def test_parts__trades_cover_the_plan_hour_by_hour(deliveries: list[Delivery], world: World) -> None:
    for part in parts_of(world):
        for month in part.months:
            rows = rows_of(deliveries, f"trade_day-{part.stem}-{month:%Y-%m}.csv")
            days = {row["delivery_on"] for row in rows}
            assert len(days) == (month_end(month) - month).days + 1
            bought = sum(Decimal(row[f"h{hour:02d}"]) for row in rows for hour in range(1, 25))
            planned = sum(contract.quantity_mwh[month.month] for contract in part.contracts)
            assert Decimal("0.85") < bought / planned < Decimal("0.87")


def test_parts__plans_are_of_whole_months(world: World) -> None:
    """November is planned as a whole, though only its first days are metered."""
    used = sum(int(energy_on(world.anhui.now.use_wh(), day).sum()) for day in days_of(date(2026, 11, 1)))
    planned = sum(contract.quantity_mwh[11] for contract in world.anhui.now.contracts)
    assert planned > 2 * used / 10**6


def test_parts__every_contract_covers_its_account_and_numbers_are_its_provinces(world: World) -> None:
    for part, area in zip(parts_of(world), ("37", "34", "34"), strict=True):
        assert [one.account_id for one in part.contracts] == [one.account_id for one in part.points]
        assert all(point.account_id.startswith(area) for point in part.points)


def test_late__comes_after_the_cut_and_repairs_a_closed_month(
    deliveries: list[Delivery], world: World
) -> None:
    late = list(late_deliveries(world.points))
    assert {one.known_at for one in late} == {LATE_AT}
    assert LATE_AT > CUT_AT
    assert not {one.file_name for one in late} & {one.file_name for one in deliveries}
    (defect,) = [one for one in DEFECTS if one.repaired_at == LATE_AT]
    assert f"{defect.delivery_on:%Y-%m}" in CLOSED_MONTHS
    (point,) = [one for one in world.points if one.customer.number == defect.customer]
    (row,) = rows_of(late, "meter_day-2026-08-19-again-2026-11-12.csv")
    true = point.import_wh[(defect.delivery_on - FIRST_ON).days]
    assert [row[f"p{slot:02d}"] for slot in range(1, 97)] == [milli(wh) for wh in true.tolist()]
    assert row["channel"] == IMPORT


def test_late__the_months_total_is_stated_anew_by_what_was_missed(
    deliveries: list[Delivery], world: World
) -> None:
    late = list(late_deliveries(world.points))
    (again,) = rows_of(late, "month_energy-2026-08-again-2026-11-12.csv")
    (first,) = [
        row
        for row in rows_of(deliveries, "month_energy-2026-08.csv")
        if row["subject_id"] == again["subject_id"]
    ]
    (true,) = rows_of(late, "meter_day-2026-08-19-again-2026-11-12.csv")
    (damaged,) = [
        row
        for row in rows_of(deliveries, "meter_day-2026-08-19.csv")
        if row["metering_point_id"] == true["metering_point_id"]
    ]
    missed = sum(Decimal(true[f"p{slot:02d}"]) - Decimal(damaged[f"p{slot:02d}"]) for slot in range(1, 97))
    stated = (Decimal(again["energy"]) - Decimal(first["energy"])) * 10_000
    assert missed > 0
    assert abs(stated - missed) <= 1

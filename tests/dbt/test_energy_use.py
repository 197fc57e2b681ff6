"""What analysts see of consumption: seeded anomalies are found, plain days are not, corrections heal."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from ml.forecasting.calendar import WORKDAY, china
from orchestration.warehouse import Warehouse
from tests.dbt.deliveries import MASTER, METER_HEADER, SINCE, thousandths, write_csv, write_pack
from tests.dbt.pipeline import checksum, rows, settle
from tests.dbt.reference import half_up
from tests.dbt.retailer import Retailer

pytestmark = pytest.mark.integration

PROVINCE = "law_use"
FIRST, TODAY = SINCE, date(2026, 4, 25)
DAYS = [FIRST + timedelta(days=n) for n in range((TODAY - FIRST).days)]
MARTS = tuple(
    f"marts_energy.{name}"
    for name in (
        "energy_customer_day",
        "energy_abnormal_day",
        "energy_load_index_month",
        "energy_group_slot",
        "energy_customer_slot",
    )
)
SELECT = (
    "--indirect-selection",
    "cautious",
    "--select",
    *(f"+{name.partition('.')[2]}" for name in MARTS),
    "+int_province_day_curve",
)
CAPACITY_KVA = 500
Curve = list[int]


def _idle(curve: Curve) -> Curve:
    return [0 if 40 <= slot < 52 else wh for slot, wh in enumerate(curve)]


def _peak(curve: Curve) -> Curve:
    return [CAPACITY_KVA * 250 + 1000 if slot == 60 else wh for slot, wh in enumerate(curve)]


ANOMALIES: dict[date, tuple[str, Callable[[Curve], Curve]]] = {
    date(2026, 4, 8): ("ENERGY_LOW", lambda curve: [wh * 6 // 10 for wh in curve]),
    date(2026, 4, 9): ("IDLE_WHILE_LOADED", _idle),
    date(2026, 4, 10): ("NIGHT_HIGH", lambda curve: [2 * wh for wh in curve[:24]] + curve[24:]),
    date(2026, 4, 13): ("SHAPE_CHANGED", lambda curve: curve[40:] + curve[:40]),
    date(2026, 4, 14): ("PEAK_ABOVE_CAPACITY", _peak),
    date(2026, 4, 15): ("ENERGY_HIGH", lambda curve: [wh * 3 // 2 for wh in curve]),
}  # fmt: skip
GAP = date(2026, 4, 17)


def _plain(draw: random.Random, day: date, *, keeps_holidays: bool) -> Curve:
    """A two-shift workday or an idle day, each slot within 5 % of its level and the day within 4 %."""
    works = china().day_type(day) == WORKDAY if keeps_holidays else day.weekday() < 5
    level = draw.uniform(0.96, 1.04)
    shape = [60_000 if works and 28 <= slot < 80 else 30_000 if works else 15_000 for slot in range(96)]
    return [int(wh * level * draw.uniform(0.95, 1.05)) for wh in shape]


def _curves(*, keeps_holidays: bool) -> dict[date, Curve]:
    draw = random.Random(20260424)
    return {day: _plain(draw, day, keeps_holidays=keeps_holidays) for day in DAYS}


def _rows(point: str, curves: dict[date, Curve]) -> list[list[object]]:
    return [
        [
            point,
            "active_import",
            day,
            *("" if day == GAP and slot == 7 else thousandths(wh) for slot, wh in enumerate(curve)),
        ]
        for day, curve in curves.items()
    ]


def _land(engine: sa.Engine, folder: Path) -> None:
    reports = ingest_paths(engine, [folder])
    assert [r.message for report in reports for r in report.refusals] == []


def _write(folder: Path, curves: dict[str, dict[date, Curve]]) -> None:
    master: dict[str, list[tuple[object, ...]]] = {feed: [] for feed in MASTER}
    for who in curves:
        master["customer"].append((who, SINCE, f"客户 {who}"))
        master["account"].append((f"{who}-a", SINCE, who, "10kV", "single", CAPACITY_KVA, "0.90"))
        master["metering_point"].append((f"{who}-m", SINCE, f"{who}-a", "meter", 1, 1, "import_only"))
        master["contract"].append((f"{who}-c", who, PROVINCE, "fixed", SINCE, SINCE, date(2026, 12, 31)))
        master["contract_account"].append((f"{who}-c", f"{who}-a", SINCE))
        master["contract_price"].append((f"{who}-c", "energy", "all", "400.000"))
    for feed, records in master.items():
        write_csv(folder / f"{feed}.csv", MASTER[feed].split(","), records)
    write_csv(
        folder / "meter_day.csv",
        METER_HEADER,
        [r for who, days in curves.items() for r in _rows(f"{who}-m", days)],
    )


def _findings(engine: sa.Engine) -> dict[tuple[str, date], set[str]]:
    found: dict[tuple[str, date], set[str]] = {}
    for row in rows(
        engine, "select customer_id, delivery_on, finding_code from marts_energy.energy_abnormal_day"
    ):
        found.setdefault((row["customer_id"], row["delivery_on"]), set()).add(row["finding_code"])
    return found


def test_abnormal_day__finds_seeded_anomalies_and_leaves_plain_days(
    warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    engine = warehouse.admin
    plain = _curves(keeps_holidays=True)
    odd = {day: ANOMALIES[day][1](curve) if day in ANOMALIES else curve for day, curve in plain.items()}
    others = _curves(keeps_holidays=False)  # works on holidays: no finding on any of them
    write_pack(
        tmp_path / "packs", Retailer(PROVINCE, "difference", "rt_unified", ["peak"] * 24, [], [], {}, {})
    )
    _write(tmp_path / "first", {"odd": odd, "others": others})
    load_packs(engine, [tmp_path / "packs"])
    _land(engine, tmp_path / "first")
    settle(warehouse, dbt_target, TODAY, {}, *SELECT)

    found = _findings(engine)
    assert set(found) == {("odd", day) for day in ANOMALIES}
    for day, (code, _) in ANOMALIES.items():
        assert code in found["odd", day]
    _judged_days_are_told_apart(engine)
    _portfolio_is_the_sum(engine, odd, others)
    _typical_day_is_the_mean(engine, odd)

    # the meter was wrong on the first odd day: its correction takes this finding away only
    mended = min(ANOMALIES)
    write_csv(tmp_path / "late" / "meter_day.csv", METER_HEADER, _rows("odd-m", {mended: plain[mended]}))
    _land(engine, tmp_path / "late")
    settle(warehouse, dbt_target, TODAY, {}, *SELECT)
    assert set(_findings(engine)) == {("odd", day) for day in ANOMALIES if day != mended}
    healed = checksum(engine, MARTS)
    settle(warehouse, dbt_target, TODAY, {}, *SELECT, "--full-refresh", tested=False)
    assert checksum(engine, MARTS) == healed


def _judged_days_are_told_apart(engine: sa.Engine) -> None:
    query = (
        "select customer_id, normality, count(*) as days from marts_energy.energy_customer_day group by 1, 2"
    )
    days = {(row["customer_id"], row["normality"]): row["days"] for row in rows(engine, query)}
    assert days["odd", "abnormal"] == len(ANOMALIES)
    assert days["odd", "incomplete"] == days["others", "incomplete"] == 1
    assert days["odd", "normal"] > 80
    after = "select * from marts_energy.energy_customer_day where customer_id = 'odd' and delivery_on = :day"
    (row,) = rows(engine, after, day=GAP + timedelta(days=1))
    assert row["day_before_wh"] is None
    assert row["week_before_change_rate"] is not None


def _portfolio_is_the_sum(engine: sa.Engine, *curves: dict[date, Curve]) -> None:
    query = """
        select slot, actual_kwh, day_before_kwh, week_before_kwh from marts_energy.energy_group_slot
        where group_kind = 'portfolio' and delivery_on = :day order by slot
    """
    for day in (min(ANOMALIES), GAP):
        totals = {}
        for back in (0, 1, 7):
            members = [curve[day - timedelta(days=back)] for curve in curves]
            totals[back] = [sum(slots) for slots in zip(*members, strict=True)]
        for row in rows(engine, query, day=day):
            slot = row["slot"] - 1
            missing = day == GAP and slot == 7
            assert row["actual_kwh"] is None if missing else row["actual_kwh"] * 1000 == totals[0][slot]
            assert row["day_before_kwh"] * 1000 == totals[1][slot]
            assert row["week_before_kwh"] * 1000 == totals[7][slot]


def _typical_day_is_the_mean(engine: sa.Engine, curves: dict[date, Curve]) -> None:
    """Of the complete days of the same type in the four weeks before: a Monday and a Saturday."""
    query = """
        select slot, typical_kwh, typical_days from marts_energy.energy_customer_slot
        where customer_id = 'odd' and delivery_on = :day order by slot
    """
    weekends = {day for day in DAYS if day.weekday() >= 5 and day not in china().holidays}
    for day, same in ((date(2026, 4, 20), {d for d in DAYS if china().day_type(d) == WORKDAY}),
                      (date(2026, 4, 18), weekends - china().adjusted_workdays)):  # fmt: skip
        past = [
            curves[day - timedelta(days=n)] for n in range(1, 29) if day - timedelta(days=n) in same - {GAP}
        ]
        found = rows(engine, query, day=day)
        assert len(found) == 96
        for row in found:
            total = sum(curve[row["slot"] - 1] for curve in past)
            assert row["typical_days"] == len(past)
            assert row["typical_kwh"] * 1000 == half_up(total, len(past))

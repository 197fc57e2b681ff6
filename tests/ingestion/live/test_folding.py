"""Finished live days become meter days: exact, flagged where blank, once, and never over another source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from ingestion.connectors.base import Delivery
from ingestion.feeds.meter_day import FEED as METER_DAY
from ingestion.intake import ingest_deliveries
from ingestion.live.folding import Fold, fold_live_days
from ingestion.vee import run_vee
from tests.ingestion.live.readings import IMPORT, landed_days

pytestmark = pytest.mark.integration
DAY, TODAY = date(2026, 11, 10), date(2026, 11, 11)
Make = Callable[..., Any]


def quarter_hours(point: str = "M1", start: str = "10.00", step: str = "0.25") -> list[tuple[str, ...]]:
    """97 readings at the boundaries of the day, each ``step`` kWh above the one before."""
    stamps = [f"11-10 {k // 4:02d}:{k % 4 * 15:02d}:00" for k in range(96)] + ["11-11 00:00:00"]
    return [(point, IMPORT, at, str(Decimal(start) + k * Decimal(step))) for k, at in enumerate(stamps)]


def counts(fold: Fold) -> list[tuple[str, int, int]]:
    return [(report.status, report.rows_landed, report.rows_quarantined) for report in fold.reports]


def test_fold__a_whole_day_times_the_ratios_lands_once(engine: sa.Engine, take: Make, points: Make) -> None:
    points("M1,2026-01-01,m,30,100")
    take(quarter_hours())
    assert counts(fold_live_days(engine, DAY)) == []  # the day is not finished
    assert counts(fold_live_days(engine, TODAY)) == [("landed", 1, 0)]
    assert landed_days(engine, DAY) == [("M1", IMPORT, 1, "live_registers", [750_000] * 96)]
    assert counts(fold_live_days(engine, TODAY)) == []
    with engine.connect() as connection:
        batch = connection.execute(
            sa.text("select source, known_at, known_at_declared from landing.batch where feed = 'meter_day'")
        ).one()
        newest = connection.scalar(
            sa.text("select max(known_at) from landing.batch where feed = 'register_reading'")
        )
        quality = connection.scalar(sa.text("select quality from landing.meter_day"))
        flags = connection.scalar(sa.text("select count(*) from landing.meter_slot_flag"))
    assert tuple(batch) == ("live_registers", newest, True)
    assert (quality, flags) == ("metered", 0)


def test_fold__gaps_stay_blank_and_are_flagged(engine: sa.Engine, take: Make, points: Make) -> None:
    """Between 06:00 and 06:45 nothing came; 06:30 alone is half an hour away from both."""
    points("M1,2026-01-01,m,1,1")
    kept = [r for r in quarter_hours() if r[2][6:] not in ("06:15:00", "06:30:00", "12:00:00", "18:00:00")]
    kept.append(("M1", IMPORT, "11-10 18:05:00", "28.10"))
    take(kept)
    fold_live_days(engine, TODAY)
    ((*_, slots),) = landed_days(engine, DAY)
    missing = [slot for slot, wh in enumerate(slots, start=1) if wh is None]
    assert missing == [25, 26, 27]
    assert slots[47:49] == [250, 250]  # 12:00 between 11:45 and 12:15
    assert slots[71:73] == [263, 237]  # 18:00 between 17:45 (27.75) and 18:05 (28.10): 28.0125
    with engine.connect() as connection:
        flagged = connection.scalars(
            sa.text("select slot from landing.meter_slot_flag where rule_code = 'MISSING' order by 1")
        ).all()
    assert flagged == missing


def test_fold__a_register_that_runs_back_and_a_new_meter_cost_their_slots_only(
    engine: sa.Engine, take: Make, points: Make
) -> None:
    points("M1,2026-01-01,m,1,1", "M2,2026-01-01,old,1,1", "M2,2026-11-11,new,1,1")
    readings = [list(r) for r in quarter_hours()]
    readings[40][3] = "1.00"  # 10:00, back to the old series at 10:15
    take(readings + quarter_hours("M2"))
    fold_live_days(engine, TODAY)
    first, second = (day[-1] for day in landed_days(engine, DAY))
    # from 9:45 to 10:00 it ran backwards; the jump from 1.00 is counted as the meter shows it
    assert [slot for slot, wh in enumerate(first, start=1) if wh is None] == [40]
    assert first[40] == 20_250 - 1_000
    assert [slot for slot, wh in enumerate(second, start=1) if wh is None] == [96]  # 24:00 is the new meter's


def test_fold__late_readings_make_a_new_version_and_equal_ones_none(
    engine: sa.Engine, take: Make, points: Make
) -> None:
    points("M1,2026-01-01,m,1,1", "M2,2026-01-01,m,1,1")
    readings = quarter_hours() + quarter_hours("M2")
    late = [r for r in readings if r[0] == "M1" and "08:00:00" < r[2][6:] < "09:00:00"]
    take([r for r in readings if r not in late])
    assert counts(fold_live_days(engine, TODAY)) == [("landed", 2, 0)]
    take(late, "late")
    assert counts(fold_live_days(engine, TODAY)) == [("landed", 1, 0)]
    take([("M2", IMPORT, "11-10 08:07:30", "18.13")], "between")
    fold_live_days(engine, TODAY)
    assert [(p, v, sum(wh is None for wh in slots)) for p, _, v, _, slots in landed_days(engine, DAY)] == [
        ("M1", 1, 4),
        ("M1", 2, 0),
        ("M2", 1, 0),
    ]


def test_fold__leaves_a_day_to_the_source_that_delivered_it(
    engine: sa.Engine, take: Make, points: Make
) -> None:
    points("M1,2026-01-01,m,1,1", "M2,2026-01-01,m,1,1")
    take(quarter_hours() + quarter_hours("M2"))
    grid(engine, "M1", "0.200")
    fold_live_days(engine, TODAY)
    assert [(p, s) for p, _, _, s, _ in landed_days(engine, DAY)] == [
        ("M1", "grid"),
        ("M2", "live_registers"),
    ]
    grid(engine, "M2", "0.300")  # comes later: simply the newer version
    take([("M2", IMPORT, "11-10 00:07:00", "10.01")], "late")
    fold_live_days(engine, TODAY)
    assert [(p, v, s) for p, _, v, s, _ in landed_days(engine, DAY)] == [
        ("M1", 1, "grid"),
        ("M2", 1, "live_registers"),
        ("M2", 2, "grid"),
    ]


def test_fold__points_without_a_record_are_counted_and_not_guessed(
    engine: sa.Engine, take: Make, points: Make
) -> None:
    take(quarter_hours("GHOST"))
    fold = fold_live_days(engine, TODAY)
    assert (fold.unknown_points, fold.reports) == ({"GHOST"}, [])
    points("GHOST,2026-01-01,m,1,1")
    assert counts(fold_live_days(engine, TODAY)) == [("landed", 1, 0)]


def grid(engine: sa.Engine, point: str, kwh: str) -> None:
    """A grid company's file of the day."""
    lines = [",".join(METER_DAY.file_columns), ",".join([point, IMPORT, str(DAY), "", *[kwh] * 96])]
    delivery = Delivery(f"meter_day-{point}.csv", "\n".join(lines).encode, "grid")
    (report,) = ingest_deliveries(engine, [delivery], "meter_day")
    assert report.rows_landed == 1


def test_fold__an_estimate_of_the_day_is_no_delivery(engine: sa.Engine, take: Make, points: Make) -> None:
    """Between two folds the missing slots were estimated; the late reading still counts."""
    points("M1,2026-01-01,m,1,1")
    readings = quarter_hours()
    take(readings[:40] + readings[44:])
    fold_live_days(engine, TODAY)
    run_vee(engine, TODAY, after_batch_seq=0)
    before = landed_days(engine, DAY)
    assert [source for *_, source, _ in before] == ["live_registers", "vee"]
    fold_live_days(engine, TODAY)
    assert landed_days(engine, DAY) == before
    take(readings[40:44], "late")
    fold_live_days(engine, TODAY)
    assert [source for *_, source, _ in landed_days(engine, DAY)] == [
        "live_registers",
        "vee",
        "live_registers",
    ]
    assert landed_days(engine, DAY)[-1][-1] == [250] * 96

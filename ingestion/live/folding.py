"""Fold finished days of live registers into feed ``meter_day``, through the door that files use.

A day that another source has delivered is left alone, and a later grid-company file simply becomes the newer
version. Late live readings fold their day again; equal curves are not delivered again. Slots that live
readings do not cover stay blank, so they land flagged MISSING.
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import psycopg
from sqlalchemy import Engine

from ingestion.connectors.base import Delivery
from ingestion.feeds.meter_day import FEED
from ingestion.intake import ingest_deliveries
from ingestion.live.day_curve_sql import CURVES, HAS_NEWS, SOURCE, UNKNOWN_POINTS
from ingestion.report import BatchReport

_LOG = logging.getLogger(__name__)
DAYS_BACK = 7
# point, channel, 96 Wh, known_at, newest batch of readings that the fold saw
Curve = tuple[str, str, Sequence[int | None], datetime, int]
Progress = Callable[[int, int, str], None]


@dataclass
class Fold:
    """The deliveries made, one per day, and the live points that no metering_point record names."""

    reports: list[BatchReport] = field(default_factory=list)
    unknown_points: set[str] = field(default_factory=set)


class NotFolded(RuntimeError):
    """The door refused a folded day as a whole; nothing of that day landed."""


def fold_live_days(
    engine: Engine, business_date: date, days_back: int = DAYS_BACK, on_progress: Progress | None = None
) -> Fold:
    """Fold the ``days_back`` days before ``business_date`` that have live readings not yet folded.

    Costs one look at an index per day when there is nothing new. Idempotent; safe to kill, because each day
    lands in one transaction. Raises psycopg.Error or SQLAlchemy's when the database fails, NotFolded.
    """
    fold = Fold()
    for number, back in enumerate(range(days_back, 0, -1), start=1):
        day = business_date - timedelta(days=back)
        curves = _due_curves(engine, day, fold)
        if curves:
            fold.reports += _deliver(engine, day, curves)
        if on_progress:
            on_progress(number, days_back, f"live readings of {day}")
    return fold


def _due_curves(engine: Engine, day: date, fold: Fold) -> list[Curve]:
    """Curves of the day that no other source has and that differ from what was folded before."""
    parameters = {"day": day, "prefix": _prefix(day)}
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("the fold needs an engine of the psycopg 3 driver (postgresql+psycopg://)")
        found = driver.execute(HAS_NEWS, parameters).fetchone()
        if found != (True,):
            return []
        unknown = {str(row[0]) for row in driver.execute(UNKNOWN_POINTS, parameters)}
        if unknown:
            fold.unknown_points |= unknown
            _LOG.warning(
                "%s: %d points with live readings are in no metering_point record (%s, ...), so their ratios "
                "are not known and they are not folded. Remedy: deliver feed metering_point for them.",
                *(day, len(unknown), min(unknown)),
            )
        return driver.execute(CURVES, parameters).fetchall()


def _deliver(engine: Engine, day: date, curves: Sequence[Curve]) -> list[BatchReport]:
    """Land one day's curves as one delivery, known when its newest reading was known."""
    content = _csv(day, curves)
    known_at = max(curve[3] for curve in curves)
    name = f"{_prefix(day)}{curves[0][4]}.csv"
    delivery = Delivery(name, lambda: content, SOURCE, known_at)
    reports = ingest_deliveries(engine, [delivery], FEED.name)
    for report in reports:
        if report.status == "unreadable":
            raise NotFolded("; ".join(refusal.message for refusal in report.refusals))
    return reports


def _csv(day: date, curves: Sequence[Curve]) -> bytes:
    """Feed meter_day in kWh with three decimals, exact because a Wh is a thousandth; NULL is blank."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(FEED.file_columns)
    for point, channel, slots, *_ in curves:
        kwh = ["" if wh is None else f"{wh // 1000}.{wh % 1000:03d}" for wh in slots]
        writer.writerow([point, channel, day, "metered", *kwh])
    return out.getvalue().encode("utf-8")


def _prefix(day: date) -> str:
    """What the names of a day's deliveries begin with."""
    return f"{FEED.name}-{SOURCE}-{day}-"

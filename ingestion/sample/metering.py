"""The grid company's files: one meter_day file per delivery day, its repairs, and monthly register
freezes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from ingestion.sample.config import CUT_AT, DAYS, SOURCE_GRID, at, day_of, index_of, month_days, slot_names
from ingestion.sample.defects import DEFECTS, RESENT_AT, RESENT_ON, Defect, Row
from ingestion.sample.points import IMPORT, Point
from ingestion.sample.profiles import ESTIMATED_ON, Ints
from ingestion.sample.writer import Delivery, csv_bytes

METER_HEADER = ["metering_point_id", "channel", "delivery_on", "quality", *slot_names()]
REGISTER_HEADER = ["metering_point_id", "channel", "read_at", "kind", "register_kwh"]


def meter_deliveries(points: list[Point]) -> Iterator[Delivery]:
    """Give every meter_day file known by the cut: first deliveries, the duplicate, and repairs."""
    for index in range(DAYS):
        day = day_of(index)
        known = at(day + timedelta(days=1), 8, 30)
        if known > CUT_AT:
            return
        rows = day_rows(points, day)
        first = _first_delivery(points, rows, day)
        content = csv_bytes(METER_HEADER, first)
        yield Delivery(f"meter_day-{day}.csv", known, SOURCE_GRID, content)
        if day == RESENT_ON:
            yield Delivery(f"meter_day-{day}-resent.csv", RESENT_AT, SOURCE_GRID, content)
        for defect in (d for d in DEFECTS if d.delivery_on == day):
            yield from _repair(points, defect, rows)


def day_rows(points: list[Point], day: date) -> list[Row]:
    """Give the true rows of one day, one per point in service and channel."""
    index = index_of(day)
    quality = "estimated" if day == ESTIMATED_ON else "metered"
    return [
        [point.metering_point_id, channel, str(day), quality, *kwh_cells(curve[index])]
        for point in points
        if point.from_on <= day
        for channel, curve in point.channels()
    ]


def kwh_cells(wh: Ints) -> list[str]:
    """Print Wh as kWh with three decimals."""
    return [f"{value // 1000}.{value % 1000:03d}" for value in wh.tolist()]


def _damaged_point(points: list[Point], defect: Defect) -> str:
    return next(p.metering_point_id for p in points if p.customer.number == defect.customer)


def _first_delivery(points: list[Point], rows: list[Row], day: date) -> list[Row]:
    found = {_damaged_point(points, d): d for d in DEFECTS if d.delivery_on == day}
    return [found[row[0]].apply(row) if row[0] in found and row[1] == IMPORT else row for row in rows]


def _repair(points: list[Point], defect: Defect, rows: list[Row]) -> Iterator[Delivery]:
    if defect.repaired_at is not None and defect.repaired_at <= CUT_AT:
        yield repair_delivery(points, defect, rows)


def repair_delivery(points: list[Point], defect: Defect, rows: list[Row]) -> Delivery:
    """Give the file that repairs a defect; ``rows`` are the day's true ones.

    Raises ValueError when it is never repaired.
    """
    if defect.repaired_at is None:
        raise ValueError(f"defect {defect.name} is never repaired")
    point = _damaged_point(points, defect)
    again = rows if defect.repair == "whole_file" else [r for r in rows if r[0] == point and r[1] == IMPORT]
    name = f"meter_day-{defect.delivery_on}-again-{defect.repaired_at.date()}.csv"
    return Delivery(name, defect.repaired_at, SOURCE_GRID, csv_bytes(METER_HEADER, again))


def register_deliveries(points: list[Point]) -> Iterator[Delivery]:
    """Give one file per month: registers frozen on the 1st at 00:00, meter side, two decimals.

    The register is a made-up start plus the true energy since the point's first day over CT × PT.
    """
    for month in range(1, 13):
        read_at = at(date(2026, month, 1), 0)
        known = at(date(2026, month, 1), 9)
        if known > CUT_AT:
            return
        rows = [
            [
                p.metering_point_id,
                channel,
                read_at.isoformat(),
                "monthly_freeze",
                register_kwh(p, channel, curve, month),
            ]
            for p in points
            if p.from_on <= read_at.date()
            for channel, curve in p.channels()
        ]
        name = f"register_reading-2026-{month:02d}.csv"
        yield Delivery(name, known, SOURCE_GRID, csv_bytes(REGISTER_HEADER, rows))


def register_kwh(point: Point, channel: str, curve: Ints, month: int) -> str:
    """Print a register at the 1st of a month, kWh with two decimals, rounded half up."""
    since = curve[index_of(point.from_on) : month_days(month).start]
    per_unit = point.multiplier * 10  # Wh on the primary side per 0.01 kWh of the register
    start = (point.customer.number * 73_519 + len(channel) * 911) % 40_000_000
    units = start + (int(np.sum(since)) * 2 + per_unit) // (2 * per_unit)
    return f"{units // 100}.{units % 100:02d}"

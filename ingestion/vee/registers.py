"""Register readings as bounds of energy: (R1 − R0) × CT × PT between two readings of one meter (domain §6).

Boundaries are numbered in quarter hours from midnight (UTC+8) of an origin day: boundary 96·n is the
midnight that begins day n, and the slot k of day n lies between 96·n + k − 1 and 96·n + k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final, Literal

from ingestion.feeds.columns import CHINA

SpanStatus = Literal["known", "unknown_point", "meter_changed", "ratio_changed", "ran_backwards"]
QUARTER: Final = timedelta(minutes=15)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
STEP_KWH: Final = Decimal("0.01")
"""Registers land with two decimals: each reading may be half a step off, two readings a whole one."""


@dataclass(frozen=True)
class Meter:
    """A point's meter from a day on: number and ratios."""

    from_on: date
    to_on: date
    meter_id: str
    multiplier: Decimal


@dataclass(frozen=True)
class Reading:
    """A register reading, kWh on the meter side, and when it was known."""

    read_at: datetime
    register_kwh: Decimal
    known_at: datetime


@dataclass(frozen=True)
class Span:
    """Between two consecutive readings: boundaries, primary Wh (None unless known), and who said so."""

    first: int
    last: int
    wh: int | None
    status: SpanStatus
    step_wh: int
    known_at: datetime
    text: str

    @property
    def known_at_us(self) -> int:
        """``known_at`` in microseconds since 1970."""
        return (self.known_at - _EPOCH) // timedelta(microseconds=1)


def primary_wh(difference_kwh: Decimal, multiplier: Decimal) -> int:
    """Wh on the primary side of a register difference.

    >>> primary_wh(Decimal("4.50"), Decimal(30) * Decimal(100))
    13500000
    """
    return int((difference_kwh * multiplier * 1000).to_integral_value(ROUND_HALF_UP))


def boundary(moment: datetime, origin: date) -> int | None:
    """Number of the quarter-hour boundary at ``moment``; None between two boundaries."""
    start = datetime(origin.year, origin.month, origin.day, tzinfo=CHINA)
    quarters, rest = divmod(moment - start, QUARTER)
    return None if rest else quarters


def meter_on(meters: Sequence[Meter], day: date) -> Meter | None:
    """The meter of a day."""
    return next((meter for meter in meters if meter.from_on <= day <= meter.to_on), None)


def changed_meter(meters: Sequence[Meter], day: date) -> bool:
    """Whether another meter than the day before's counts on ``day``, or the meter was removed that day."""
    now, before = meter_on(meters, day), meter_on(meters, day - timedelta(days=1))
    if now is None or before is None:
        return now is not before
    return now.meter_id != before.meter_id


def spans_of(readings: Sequence[Reading], meters: Sequence[Meter], origin: date) -> list[Span]:
    """Spans between consecutive readings in order of time; readings between two boundaries bound nothing.

    A reading belongs to the meter of its own day.
    """
    placed = [
        (at, reading)
        for reading in sorted(readings, key=lambda one: one.read_at)
        if (at := boundary(reading.read_at, origin)) is not None
    ]
    return [_span(one, two, meters) for one, two in pairwise(placed) if one[0] < two[0]]


def _span(one: tuple[int, Reading], two: tuple[int, Reading], meters: Sequence[Meter]) -> Span:
    (first, start), (last, end) = one, two
    before, after = (meter_on(meters, r.read_at.astimezone(CHINA).date()) for r in (start, end))
    status: SpanStatus = "known"
    if before is None or after is None:
        status = "unknown_point"
    elif before.meter_id != after.meter_id:
        status = "meter_changed"
    elif before.multiplier != after.multiplier:
        status = "ratio_changed"
    elif end.register_kwh < start.register_kwh:
        status = "ran_backwards"
    multiplier = after.multiplier if after else Decimal(0)
    wh = primary_wh(end.register_kwh - start.register_kwh, multiplier) if status == "known" else None
    text = f"registers {start.register_kwh} and {end.register_kwh} kWh, multiplier {multiplier:f}"
    known_at = max(start.known_at, end.known_at)
    return Span(first, last, wh, status, primary_wh(STEP_KWH, multiplier), known_at, text)

"""Time-of-use periods on the 96-slot grid: from readable clock ranges to one period per quarter hour.

Slot k (1…96) covers [(k-1)·15 min, k·15 min) of a local day (UTC+8, no daylight saving), named by its END
label 00:15 … 24:00. A half-hour range is simply two slots.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, cast

from ingestion.market_rules.vocabulary import TOU_PERIODS, TouPeriod

SLOTS_PER_DAY: Final = 96
MINUTES_PER_SLOT: Final = 15
_RANGE: Final = re.compile(r"^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")

Grid = tuple[TouPeriod, ...]
"""Period of slot 1 … slot 96, in that order."""


class GridError(ValueError):
    """The ranges do not cut the day into 96 slots, each in exactly one period; ``problems`` says where."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep the single problems beside the joined message."""
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


def clock(slot_edge: int) -> str:
    """Clock text of the edge after ``slot_edge`` slots: 0 → 00:00, 1 → 00:15, 96 → 24:00."""
    return f"{slot_edge * MINUTES_PER_SLOT // 60:02d}:{slot_edge * MINUTES_PER_SLOT % 60:02d}"


def slots_of(text: str) -> range:
    """Slots of a clock range: ``"10:00-11:30"`` → range(41, 47). Raises GridError for anything unclear."""
    match = _RANGE.match(text)
    if match is None:
        raise GridError([f"{text!r} is not a range like 10:00-11:30 (two digits, 00:00 to 24:00)"])
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start % MINUTES_PER_SLOT or end % MINUTES_PER_SLOT:
        raise GridError([f"{text!r} does not lie on the 15-minute grid"])
    if end > SLOTS_PER_DAY * MINUTES_PER_SLOT:
        raise GridError([f"{text!r} ends after 24:00"])
    if start >= end:
        raise GridError([f"{text!r} ends before it starts; split it at midnight into …-24:00 and 00:00-…"])
    return range(start // MINUTES_PER_SLOT + 1, end // MINUTES_PER_SLOT + 1)


def _ranges(slots: Sequence[int]) -> list[str]:
    """Clock ranges of ascending slot numbers, neighbours joined."""
    neighbours = groupby(enumerate(slots), key=lambda pair: pair[1] - pair[0])
    runs = [[slot for _, slot in run] for _, run in neighbours]
    return [f"{clock(run[0] - 1)}-{clock(run[-1])}" for run in runs]


def _claims(periods: Mapping[TouPeriod, Sequence[str]]) -> tuple[dict[int, list[TouPeriod]], list[str]]:
    """Who claims each slot, and what is wrong with the ranges; a hole is not wrong here."""
    claims: dict[int, list[TouPeriod]] = {slot: [] for slot in range(1, SLOTS_PER_DAY + 1)}
    problems: list[str] = []
    for period, ranges in periods.items():
        for text in ranges:
            try:
                for slot in slots_of(text):
                    claims[slot].append(period)
            except GridError as error:
                problems += [f"{period}: {problem}" for problem in error.problems]
    return claims, problems


def _overlaps(claims: Mapping[int, Sequence[TouPeriod]]) -> list[str]:
    doubles = [(slot, tuple(names)) for slot, names in claims.items() if len(names) > 1]
    return [
        f"{text} is claimed by {' and '.join(names)}"
        for names, run in groupby(doubles, key=lambda pair: pair[1])
        for text in _ranges([slot for slot, _ in run])
    ]


def grid_of(periods: Mapping[TouPeriod, Sequence[str]]) -> Grid:
    """The 96 periods of a day, from ``{period: [clock ranges]}``.

    Raises GridError naming every unreadable range, every hole and every overlap at once: "the rest is
    flat" is never assumed, because a forgotten range would then be billed at the flat price.
    """
    claims, problems = _claims(periods)
    holes = [slot for slot, names in claims.items() if not names]
    problems += [f"{text} has no period" for text in _ranges(holes)]
    problems += _overlaps(claims)
    if problems:
        raise GridError(problems)
    return tuple(names[0] for names in claims.values())


def overlaid(grid: Grid, periods: Mapping[TouPeriod, Sequence[str]]) -> Grid:
    """The grid with some ranges replaced; what ``periods`` does not name stays.

    >>> overlaid(("flat",) * 96, {"sharp": ["11:00-11:30"]})[43:47]
    ('flat', 'sharp', 'sharp', 'flat')

    Raises GridError naming every unreadable range and every overlap.
    """
    claims, problems = _claims(periods)
    problems += _overlaps(claims)
    if problems:
        raise GridError(problems)
    return tuple(names[0] if names else before for names, before in zip(claims.values(), grid, strict=True))


def periods_of(grid: Grid) -> dict[TouPeriod, list[str]]:
    """The readable form of a grid; ``grid_of(periods_of(grid)) == grid``."""
    return {
        cast("TouPeriod", period): _ranges([slot for slot, name in enumerate(grid, 1) if name == period])
        for period in TOU_PERIODS
        if period in grid
    }

"""Day types: workday, Saturday, Sunday, with public holidays and adjusted workdays read from data.

A new year is a new file ``calendars/cn_<year>.yml``; no code changes. Whether a portfolio really
follows the calendar is a matter of evidence, not of belief: ``choose_calendar`` looks at the moved days
in the known history. (The sample's load is real, but recorded elsewhere: it does not keep Chinese holidays.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import yaml

from ml.asof import Curve

WORKDAY: Final = "workday"
SATURDAY: Final = "saturday"
SUNDAY: Final = "sunday"
DAY_TYPES: Final = (WORKDAY, SATURDAY, SUNDAY)
FOLDER: Final = Path(__file__).parent / "calendars"


@dataclass(frozen=True)
class Calendar:
    """Holidays (day → group) and worked weekend days. An empty calendar is plain weekdays."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    adjusted_workdays: frozenset[date] = frozenset()

    def day_type(self, day: date) -> str:
        """``workday``, ``saturday`` or ``sunday``; a holiday counts as a Sunday."""
        if day in self.adjusted_workdays:
            return WORKDAY
        if day in self.holidays:
            return SUNDAY
        return {5: SATURDAY, 6: SUNDAY}.get(day.weekday(), WORKDAY)

    def moved(self, day: date) -> bool:
        """Whether the calendar gives that day another type than its weekday does."""
        return self.day_type(day) != PLAIN.day_type(day)


PLAIN: Final = Calendar()


@dataclass(frozen=True)
class CalendarChoice:
    """The calendar a model uses, and why."""

    calendar: Calendar
    name: str
    reason: str


@cache
def china() -> Calendar:
    """Mainland China, every year that has a file in ``calendars/``. Raises KeyError on a broken file."""
    holidays: dict[date, str] = {}
    workdays: set[date] = set()
    for path in sorted(FOLDER.glob("cn_*.yml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        workdays.update(body["adjusted_workdays"])
        for entry in body["holidays"]:
            length = (entry["last_on"] - entry["first_on"]).days + 1
            holidays.update({entry["first_on"] + timedelta(days=i): entry["group"] for i in range(length)})
    return Calendar(holidays, frozenset(workdays))


def choose_calendar(calendar: Calendar, days: Sequence[date], curves: Curve) -> CalendarChoice:
    """Apply ``calendar`` unless the moved days in the history look more like their plain weekday.

    ``curves``: (len(days), 96), NaN allowed. Compares the mean absolute distance of every moved day to
    the mean curve of its calendar type and of its plain type. Without moved days the calendar stands.
    """
    ordinary = np.array([not calendar.moved(day) for day in days], dtype=bool)
    whole = ~np.isnan(curves).any(axis=1) if len(days) else np.empty(0, dtype=bool)
    means = {
        kind: curves[mask].mean(axis=0)
        for kind in DAY_TYPES
        if (
            mask := whole & ordinary & np.array([PLAIN.day_type(day) == kind for day in days], dtype=bool)
        ).any()
    }
    as_calendar = as_plain = 0.0
    tested = 0
    for day, curve, usable in zip(days, curves, whole & ~ordinary, strict=True):
        first, second = means.get(calendar.day_type(day)), means.get(PLAIN.day_type(day))
        if not usable or first is None or second is None:
            continue
        tested += 1
        as_calendar += float(np.abs(curve - first).mean())
        as_plain += float(np.abs(curve - second).mean())
    if not tested:
        return CalendarChoice(calendar, "china", "no holiday or adjusted workday in the known history")
    if as_calendar <= as_plain:
        return CalendarChoice(calendar, "china", f"{tested} moved days follow the calendar")
    share = as_calendar / as_plain if as_plain else float("inf")
    reason = f"{tested} moved days in the history look like ordinary weekdays (distance ratio {share:.2f})"
    return CalendarChoice(PLAIN, "weekday", reason)

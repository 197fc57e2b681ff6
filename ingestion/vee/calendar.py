"""Day types for the typical day of domain §6, from data: ``calendars/cn_<year>.yml``.

Workday, weekend, short holiday (at most ``SHORT_DAYS`` days) and long holiday. A new year is a new file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml

DayType = Literal["workday", "weekend", "short_holiday", "long_holiday"]
FOLDER: Final = Path(__file__).parent / "calendars"
SHORT_DAYS: Final = 3
SHORT_HOLIDAYS_BACK: Final = 3


@dataclass(frozen=True)
class Holiday:
    """One public holiday of one year, first and last day included."""

    name: str
    first_on: date
    last_on: date

    @property
    def days(self) -> list[date]:
        """Its days in order."""
        return [self.first_on + timedelta(days=n) for n in range((self.last_on - self.first_on).days + 1)]

    @property
    def is_short(self) -> bool:
        """Whether it counts among the short holidays."""
        return len(self.days) <= SHORT_DAYS


@dataclass(frozen=True)
class Calendar:
    """Holidays in order of time, and the weekend days that are worked."""

    holidays: tuple[Holiday, ...] = ()
    adjusted_workdays: frozenset[date] = frozenset()

    def holiday(self, day: date) -> Holiday | None:
        """The holiday that a day belongs to."""
        return next((h for h in self.holidays if h.first_on <= day <= h.last_on), None)

    def day_type(self, day: date) -> DayType:
        """The type of a day."""
        if day in self.adjusted_workdays:
            return "workday"
        if holiday := self.holiday(day):
            return "short_holiday" if holiday.is_short else "long_holiday"
        return "weekend" if day.weekday() >= 5 else "workday"

    def reference_days(self, day: date, weeks: int) -> Iterator[tuple[str, list[date]]]:
        """The days that may stand for ``day``, best first, each group with its name.

        Workday and weekend: the same day type of the last calendar week, else of the one before, up to
        ``weeks``. Short holiday: the last three short holidays. Long holiday: the same one last year. Then
        yesterday.
        """
        kind = self.day_type(day)
        monday = day - timedelta(days=day.weekday())
        if kind == "short_holiday":
            past = [h for h in self.holidays if h.is_short and h.last_on < day][-SHORT_HOLIDAYS_BACK:]
            yield f"the last {len(past)} short holidays", [d for h in past for d in h.days]
        elif kind == "long_holiday":
            own = self.holiday(day)
            past = [h for h in self.holidays if own and h.name == own.name and h.last_on < own.first_on][-1:]
            yield "the same holiday last year", [d for h in past for d in h.days]
        else:
            for week in range(1, weeks + 1):
                days = [monday - timedelta(days=7 * week - n) for n in range(7)]
                yield f"the {kind}s of {days[0]} to {days[-1]}", [d for d in days if self.day_type(d) == kind]
        yield "yesterday", [day - timedelta(days=1)]


@cache
def china() -> Calendar:
    """Mainland China, every year that has a file. Raises KeyError on a broken file."""
    holidays: list[Holiday] = []
    workdays: set[date] = set()
    for path in sorted(FOLDER.glob("cn_*.yml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        workdays.update(body["adjusted_workdays"])
        holidays += [Holiday(h["name_en"], h["first_on"], h["last_on"]) for h in body["holidays"]]
    return Calendar(tuple(sorted(holidays, key=lambda h: h.first_on)), frozenset(workdays))

"""Power quantity distribution a second time, in plain fractions: a yardstick for the SQL (domain §1.2).

Every cell is listed and ranked here; the SQL counts equal cells instead. Units: kWh, weights as drawn.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from orchestration.transform import PROJECT

DAY_TYPES = ("workday", "saturday", "sunday", "holiday")
HOURS = range(1, 25)


@dataclass(frozen=True)
class Template:
    """How a contract's year becomes hours: weights by month, by day type, and by day type and hour."""

    months: Sequence[Fraction]
    days: Mapping[str, Fraction]
    hours: Mapping[str, Sequence[Fraction]]


@dataclass(frozen=True)
class Term:
    """A contract's annual quantity in 2026 and its term."""

    contract_id: str
    annual_kwh: int
    from_on: date
    to_on: date
    template: Template


def exceptions() -> dict[date, str]:
    """Day to workday or holiday, where the calendar differs from the weekday."""
    path = PROJECT / "seeds/reference/energy/calendar_exception.csv"
    with path.open(encoding="utf-8") as lines:
        return {date.fromisoformat(row["delivery_on"]): row["day_type"] for row in csv.DictReader(lines)}


def day_type(day: date, known: Mapping[date, str]) -> str:
    """workday, saturday, sunday or holiday."""
    weekday = {6: "saturday", 7: "sunday"}.get(day.isoweekday(), "workday")
    return known.get(day, weekday)


def shared(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Whole parts of ``total`` by largest remainder; of equal remainders the first comes first."""
    whole = sum(weights)
    quotas = [total * weight / whole for weight in weights]
    parts = [quota.numerator // quota.denominator for quota in quotas]
    order = sorted(range(len(parts)), key=lambda place: parts[place] - quotas[place])
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def month_days(term: Term, month: int) -> list[date]:
    """The days of a month that lie in the term."""
    first = date(2026, month, 1)
    days = [first + timedelta(days=n) for n in range(31)]
    return [day for day in days if day.month == month and term.from_on <= day <= term.to_on]


def month_quantities(term: Term) -> dict[int, int] | None:
    """kWh of each month of the term; None when its shares are all 0."""
    months = [month for month in range(1, 13) if month_days(term, month)]
    weights = [term.template.months[month - 1] for month in months]
    if not sum(weights):
        return None
    return dict(zip(months, shared(term.annual_kwh, weights), strict=True))


def day_hours(
    term: Term, month: int, quantity_kwh: int, known: Mapping[date, str]
) -> dict[date, list[int]] | None:
    """kWh per day and hour of a month; None when no day has a weight."""
    days = month_days(term, month)
    kinds = [day_type(day, known) for day in days]
    cells = [
        term.template.days[kind] * weight / sum(term.template.hours[kind])
        for kind in kinds
        for weight in term.template.hours[kind]
    ]
    if not sum(cells):
        return None
    parts = shared(quantity_kwh, cells)
    return {day: parts[place * 24 : place * 24 + 24] for place, day in enumerate(days)}

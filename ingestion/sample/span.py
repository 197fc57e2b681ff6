"""Months that are delivered by the month, those before the sample's year among them.

No real curve reaches before 2026-01-02 (see profiles.py): a day of 2025 repeats the day 52 weeks later,
weekdays kept, with a little less energy and a price that was moved by some yuan.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from ingestion.sample.config import BUSINESS_ON, FIRST_ON, SEED, at, index_of
from ingestion.sample.profiles import Ints

REPEAT = timedelta(weeks=52)
_ENERGY_PER_MILLE = 970
_PRICE_LUCK_YUAN = 25


def month_end(month: date) -> date:
    """Give the last day of the month with this first day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def all_days_of(month: date) -> list[date]:
    """Give every day of the month with this first day."""
    return [month + timedelta(days=n) for n in range((month_end(month) - month).days + 1)]


def days_of(month: date) -> list[date]:
    """Give the month's days, in the running month those before the business date."""
    return [day for day in all_days_of(month) if day < BUSINESS_ON]


def known_after(month: date, day: int, hour: int, minute: int = 0) -> datetime:
    """Give that day of the next month, for the running month the morning of the business date."""
    return min(at(month_end(month) + timedelta(days=day), hour, minute), at(BUSINESS_ON, 9))


def like(day: date) -> int:
    """Give the index of the sample's day whose curve a day has."""
    return index_of(day if day >= FIRST_ON else day + REPEAT)


def energy_on(curve: Ints, day: date) -> Ints:
    """Give a day of a year's curve [365, n] of energy, whole units."""
    found: Ints = curve[like(day)]
    return found if day >= FIRST_ON else found * _ENERGY_PER_MILLE // 1000


def price_on(curve: Ints, day: date) -> Ints:
    """Give a day of a year's curve [365, n] of prices, 0.001 yuan/MWh."""
    found: Ints = curve[like(day)]
    if day >= FIRST_ON:
        return found
    rng = np.random.default_rng([SEED, 1_000 - index_of(day)])
    moved: Ints = found + int(rng.integers(-_PRICE_LUCK_YUAN, _PRICE_LUCK_YUAN + 1)) * 1000
    return moved

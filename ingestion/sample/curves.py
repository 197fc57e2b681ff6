"""Curve decomposition: a quantity over hours, exact to the kWh, by largest remainder."""

from __future__ import annotations

from datetime import date

import numpy as np

from ingestion.sample.config import DAYS, HOURS, SLOTS, day_of
from ingestion.sample.profiles import Ints

WORKDAY, SATURDAY, SUNDAY = 0, 1, 2


def split_exact(total: int, weights: Ints) -> Ints:
    """Share a whole number over non-negative whole weights of any shape so that the parts add up to it
    exactly.

    Largest remainder; on equal remainders the earlier part takes the unit. Raises ValueError when no weight
    is above 0.
    """
    flat = weights.astype(np.int64).ravel()
    whole = int(flat.sum())
    if whole <= 0 or int(flat.min()) < 0:
        raise ValueError(
            f"weights must be >= 0 with a positive sum; got sum {whole}, minimum {int(flat.min())}"
        )
    parts, remainders = np.divmod(flat * total, whole)
    left = total - int(parts.sum())
    order = np.argsort(-remainders, kind="stable")[:left]
    parts[order] += 1
    shared: Ints = parts.reshape(weights.shape)
    return shared


def day_type(day: date) -> int:
    """Tell workday, Saturday or Sunday."""
    return {5: SATURDAY, 6: SUNDAY}.get(day.weekday(), WORKDAY)


def hourly(wh_per_slot: Ints) -> Ints:
    """Add four slots to an hour: [n, 96] → [n, 24]."""
    summed: Ints = wh_per_slot.reshape(-1, HOURS, SLOTS // HOURS).sum(axis=2)
    return summed


def typical_template(portfolio_wh: Ints) -> Ints:
    """Give the typical day per day type from a year's curve [365, 96]: [3, 24] in mean kWh."""
    by_hour = hourly(portfolio_wh)
    types = np.array([day_type(day_of(i)) for i in range(DAYS)])
    return np.stack(
        [by_hour[types == kind].sum(axis=0) // (1000 * int((types == kind).sum())) for kind in range(3)]
    )


def flat_template() -> Ints:
    """Give the same weight to every hour of every day."""
    return np.ones((3, HOURS), dtype=np.int64)


def peak_template() -> Ints:
    """Give weight to the morning and evening peak only (hours 8, 9 and 17 … 22), every day alike."""
    day = np.zeros(HOURS, dtype=np.int64)
    day[[7, 8, 16, 17, 18, 19, 20, 21]] = 1
    return np.stack([day, day, day])


def weights_on(template: Ints, days: range) -> Ints:
    """Lay a template on days: [n, 24]."""
    return np.stack([template[day_type(day_of(i))] for i in days])

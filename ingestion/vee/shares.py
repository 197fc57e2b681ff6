"""Whole-number shares of a known total: domain §6, the residue never gets lost.

Quantities are int Wh (or kWh where said). Products run in Python integers, so that nothing overflows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def residue_first(total: int, count: int) -> Ints:
    """Split ``total`` ≥ 0 in ``count`` equal parts; the residue goes to the first ones, one each.

    >>> residue_first(101, 4).tolist()
    [26, 25, 25, 25]
    """
    part, residue = divmod(total, count)
    return np.full(count, part, dtype=np.int64) + (np.arange(count) < residue)


def largest_remainder(total: int, weights: Ints) -> Ints:
    """Share ``total`` by ``weights`` ≥ 0 (any shape (n,)); Σ = total exactly, ties to the earlier one.

    Without any weight the parts are equal, residue first.

    >>> largest_remainder(20, np.array([2, 3, 5])).tolist()
    [4, 6, 10]
    """
    whole = int(weights.sum())
    if whole == 0:
        return residue_first(total, len(weights))
    products = weights.astype(object) * total
    parts = (products // whole).astype(np.int64)
    remainders = products % whole
    order = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    parts[order[: total - int(parts.sum())]] += 1
    return parts


def half_up(numerator: int, denominator: int) -> int:
    """Round numerator / denominator (both ≥ 0) to the nearest whole number, a half upwards.

    >>> half_up(12 + 15, 2)
    14
    """
    return (2 * numerator + denominator) // (2 * denominator)


def linear(before: int, after: int, count: int) -> Ints:
    """``count`` values on the straight line between two neighbours, each rounded half up.

    >>> linear(12, 14, 1).tolist()
    [13]
    """
    steps = np.arange(1, count + 1)
    products = before * (count + 1 - steps).astype(object) + after * steps.astype(object)
    return np.array([half_up(int(product), count + 1) for product in products], dtype=np.int64)


def capped(subs: Ints, main: Ints) -> Ints:
    """Sub-points (n, 96) whose sum exceeds the main point (96,), capped so that it equals the main point.

    A slot in which the sum does not exceed it stays as it is. One sub-point becomes the main point itself;
    several share it by their own energy.
    """
    result = subs.copy()
    for slot in np.flatnonzero(subs.sum(axis=0) > main).tolist():
        result[:, slot] = largest_remainder(int(main[slot]), subs[:, slot])
    return result


def level(energy_wh: Ints, period: Ints, difference_kwh: int) -> Ints:
    """Level a month-end meter difference: by TOU share, then 1 kWh each in the order of time.

    ``energy_wh``: (n,) slots of the month, none missing. ``period``: (n,) number of each slot's TOU period.
    ``difference_kwh``: register less curve, may be negative; a slot never falls below 0. Returns the levelled
    slots. Raises ValueError when the month holds less than what is to be taken away.
    """
    result = energy_wh.copy()
    step = 1000 if difference_kwh > 0 else -1000
    names = np.unique(period)
    totals = np.array([int(energy_wh[period == name].sum()) for name in names], dtype=np.int64)
    left = 0
    for name, units in zip(names, largest_remainder(abs(difference_kwh), totals), strict=True):
        left += _step_through(result, np.flatnonzero(period == name), step, int(units))
    if _step_through(result, np.arange(len(result)), step, left):
        raise ValueError(f"the month holds less than the {-difference_kwh} kWh to be taken away")
    return result


def _step_through(slots: Ints, places: Ints, step: int, units: int) -> int:
    """Give ``units`` steps to ``places`` in order, round after round; return the units that found no slot."""
    while units:
        open_places = places if step > 0 else places[slots[places] >= -step]
        if not len(open_places):
            return units
        chosen = open_places[:units]
        slots[chosen] += step
        units -= len(chosen)
    return 0

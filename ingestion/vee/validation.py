"""Validation rules over whole blocks of curves: each returns a mask of slots or of days. Domain §6.

Int Wh, NULL as a mask; thresholds are exact decimals, turned into integers before they meet a curve.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

import numpy as np

from ingestion.vee.shares import Bools, Ints

WH_PER_KVA_SLOT = 250
"""One kVA for a quarter of an hour at power factor 1."""


def capacity_limit_wh(capacity_kva: int, factor: Decimal) -> int:
    """The largest Wh that a slot may hold.

    >>> capacity_limit_wh(1000, Decimal("1.2"))
    300000
    """
    return int((capacity_kva * WH_PER_KVA_SLOT * factor).to_integral_value(ROUND_FLOOR))


def above(wh: Ints, missing: Bools, limit_wh: Ints) -> Bools:
    """Slots (rows, 96) above the limit (rows,) of their row; a limit below 0 means none is known."""
    return np.asarray((wh > limit_wh[:, None]) & (limit_wh[:, None] >= 0) & ~missing)


def spike(wh: Ints, missing: Bools, past_peak: Ints, factor: Decimal) -> Bools:
    """Slots above ``factor`` times the greatest slot (rows,) of the days before; 0 there means unknown."""
    top, bottom = factor.as_integer_ratio()
    return np.asarray((wh * bottom > past_peak[:, None] * top) & (past_peak[:, None] > 0) & ~missing)


def zero_run(wh: Ints, missing: Bools, usually_positive: Bools, slots: int) -> Bools:
    """Slots in a run of at least ``slots`` zeros where energy usually flows (mask (rows, 96))."""
    zero = (wh == 0) & usually_positive & ~missing
    steps = np.diff(np.pad(zero.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    row, start = np.nonzero(steps == 1)
    _, stop = np.nonzero(steps == -1)
    found = np.zeros(wh.shape, dtype=np.bool_)
    for index in np.flatnonzero(stop - start >= slots).tolist():
        found[row[index], start[index] : stop[index]] = True
    return found


def beyond(curve_wh: int, register_wh: int, rate: Decimal, step_wh: int) -> bool:
    """Whether a day's curve and its registers differ by more than ``rate`` of the register energy.

    What the registers' own resolution explains is no difference.
    """
    return abs(curve_wh - register_wh) > max(rate * register_wh, Decimal(step_wh))


def sub_above_main(subs: Ints, main: Ints, rate: Decimal) -> Bools:
    """Slots (96,) in which the sub-points (n, 96) together exceed their main point by more than ``rate``."""
    top, bottom = (1 + rate).as_integer_ratio()
    return np.asarray(subs.sum(axis=0) * bottom > main * top)

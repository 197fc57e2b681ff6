"""Lets a structural model catch up with the last days: exponentially weighted residuals, in numpy.

A structural model (Prophet) knows day types and seasons but not that this week runs 3 % lower. Two parts are
added to its curve: the shape it misses on this type of day (per slot, slow) and the level of the last days
(one number, quick). Both use only days known at the gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ml.asof import Curve


@dataclass(frozen=True)
class CatchUp:
    """Half-lives in days and the share of the recent level that is carried over."""

    shape_half_life: float
    level_half_life: float
    level_share: float


def weighted_mean(values: Curve, weights: Curve) -> Curve:
    """Mean over axis 0 of (n, k) with weights (n,), ignoring NaN; 0 where nothing is known."""
    seen = ~np.isnan(values)
    total = (np.where(seen, values, 0.0) * weights[:, None]).sum(axis=0)
    weight = (seen * weights[:, None]).sum(axis=0)
    mean: Curve = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
    return mean


def correction(
    residuals: Curve, days: Sequence[date], kinds: Sequence[str], target: date, kind: str, how: CatchUp
) -> Curve:
    """What to add to the structural curve (96,) of ``target``, a day of type ``kind``.

    ``residuals``: actual minus structural, (len(days), 96), NaN allowed; ``kinds``: the day type of each day.
    """
    if not len(days):
        return np.zeros(residuals.shape[1])
    age = np.array([(target - day).days for day in days], dtype=np.float64)
    slow = 0.5 ** (age / how.shape_half_life)
    quick = 0.5 ** (age / how.level_half_life)
    types = np.array(kinds)
    shapes = {one: weighted_mean(residuals, slow * (types == one)) for one in {*kinds, kind}}
    beyond = residuals - np.vstack([shapes[one] for one in kinds])
    seen = ~np.isnan(beyond)
    count = seen.sum(axis=1)
    levels = np.divide(
        np.where(seen, beyond, 0.0).sum(axis=1), count, out=np.full(len(days), np.nan), where=count > 0
    )
    level = float(weighted_mean(levels[:, None], quick)[0])
    return shapes[kind] + how.level_share * level

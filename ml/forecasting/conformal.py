"""P10/P50/P90 from the residuals of past rolling-origin days: split conformal per slot group.

Prophet's own interval ignores that days differ as a whole, so it is not used. Residuals of one day are not
independent; the level is therefore widened by the number of days, not of slots:
p' = 1/2 + (p - 1/2)(n + 1)/n.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from ml.asof import Curve, KnownCurves

GROUPS: Final = 12
GROUP_SLOTS: Final = 96 // GROUPS
WINDOW_DAYS: Final = 56
#: below this the band is a pooled one over all slots
MIN_DAYS_PER_GROUP: Final = 10


@dataclass(frozen=True)
class Origin:
    """One past forecast made at its own gate: the point curve (96,) of ``delivery_on``."""

    delivery_on: date
    point: Curve


@dataclass(frozen=True)
class Bands:
    """Three monotone curves (96,) and the number of residual days behind them."""

    p10: Curve
    p50: Curve
    p90: Curve
    residual_days: int

    def stack(self) -> Curve:
        """(3, 96), in the order of ``ml.tables.QUANTILES``."""
        return np.stack([self.p10, self.p50, self.p90])


def params() -> dict[str, Any]:
    """What determines the bands besides the data."""
    return {"method": "split conformal", "slot_groups": GROUPS, "window_days": WINDOW_DAYS}


def scale_of(point: Curve) -> Curve:
    """Per-slot scale for relative residuals: the point itself, at least 5 % of its mean, never 0."""
    return np.asarray(np.maximum(np.abs(point), max(0.05 * float(np.abs(point).mean()), 1e-9)))


def residuals(
    known: KnownCurves, series: str, origins: list[Origin], relative: bool
) -> tuple[list[date], Curve]:
    """Days and residuals (n, 96) of the origins whose actuals are known at the gate, the last WINDOW_DAYS.

    Relative residuals are in units of ``scale_of(point)``. NaN where the actual's slot is missing.
    """
    rows = [
        (origin.delivery_on, (actual - origin.point) / (scale_of(origin.point) if relative else 1.0))
        for origin in origins
        if not np.isnan(actual := known.usable(series, origin.delivery_on)).all()
    ][-WINDOW_DAYS:]
    return [day for day, _ in rows], np.vstack([row for _, row in rows]) if rows else np.empty((0, 96))


def bands(point: Curve, errors: Curve, relative: bool, non_negative: bool) -> Bands:
    """Quantile curves around ``point`` from residuals (n, 96); without residuals the band has no width."""
    days = len(errors)
    low, high = np.zeros(96), np.zeros(96)
    if days:
        groups = GROUPS if days >= MIN_DAYS_PER_GROUP else 1
        width = 96 // groups
        for first in range(0, 96, width):
            group = errors[:, first : first + width]
            low[first : first + width], high[first : first + width] = _limits(group[~np.isnan(group)], days)
    scale = scale_of(point) if relative else np.ones(96)
    floor = 0.0 if non_negative else -np.inf
    return Bands(
        np.maximum(point + np.minimum(low, 0) * scale, floor),
        np.maximum(point, floor),
        np.maximum(point + np.maximum(high, 0) * scale, floor),
        days,
    )


def _limits(sample: Curve, days: int) -> tuple[float, float]:
    if not sample.size:
        return 0.0, 0.0
    level = min(0.5 + 0.4 * (days + 1) / days, 1.0)
    low, high = np.quantile(sample, [1 - level, level])
    return float(low), float(high)

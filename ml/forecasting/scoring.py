"""Turns backtest days into named scores for the model and for the same-weekday naive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from ml.asof import Curve, KnownCurves
from ml.forecasting import metrics
from ml.forecasting.conformal import Bands

#: |a| at or below this share of mean|a| counts as a~0 in MAPE and accuracy_1
NEAR_ZERO_SHARE: Final = 0.01


@dataclass(frozen=True)
class Score:
    """One row of ``forecast.score``; ``delivery_on`` None = the whole window."""

    kind: str
    delivery_on: date | None
    metric: str
    model_value: float
    naive_value: float | None
    formula: str


@dataclass(frozen=True)
class Sample:
    """Flat arrays over slots (or days): actual and three quantile forecasts, nothing missing."""

    actual: Curve
    p10: Curve
    p50: Curve
    p90: Curve


def sample(known: KnownCurves, series: str, days: Sequence[date], found: Mapping[date, Bands]) -> Sample:
    """Slots of ``days`` whose actual is known, flattened; raises KeyError for a day without bands."""
    actual = known.block(series, days).ravel()
    keep = ~np.isnan(actual)
    if not days:
        return Sample(actual, actual, actual, actual)
    p10, p50, p90 = np.concatenate([found[day].stack() for day in days], axis=1)[:, keep]
    return Sample(actual[keep], p10, p50, p90)


def scores(
    kind: str, day: date | None, model: Sample, naive: Sample | None, unit: str, capacity: float | None = None
) -> list[Score]:
    """Every metric that is defined for this sample; an undefined one (all zero) is left out, not invented.

    ``unit`` is named in the formula of the absolute metrics; ``capacity`` (same unit) adds accuracy_2.
    """
    near = NEAR_ZERO_SHARE * float(np.abs(model.actual).mean()) if model.actual.size else 0.0
    note = f" (a~0: |a| <= {NEAR_ZERO_SHARE:.0%} of mean|a|)"
    table: list[tuple[str, Callable[[Sample], float], str]] = [
        ("wape", lambda s: metrics.wape(s.p50, s.actual), ""),
        ("mape", lambda s: metrics.mape(s.p50, s.actual, near), note),
        ("accuracy_1", lambda s: metrics.accuracy_1(s.p50, s.actual, near), note),
        ("bias", lambda s: metrics.bias(s.p50, s.actual), ""),
        ("mae", lambda s: metrics.mae(s.p50, s.actual), f" in {unit}"),
        ("pinball_p10", lambda s: metrics.pinball(s.p10, s.actual, 0.1), f" in {unit}"),
        ("pinball_p50", lambda s: metrics.pinball(s.p50, s.actual, 0.5), f" in {unit}"),
        ("pinball_p90", lambda s: metrics.pinball(s.p90, s.actual, 0.9), f" in {unit}"),
        ("coverage_p10_p90", lambda s: metrics.coverage(s.p10, s.p90, s.actual), ""),
    ]
    if capacity is not None and capacity > 0:
        cap = capacity
        stated = f"; capacity = {cap:.0f} {unit}, the highest slot known at the gate"
        table.append(("accuracy_2", lambda s: metrics.accuracy_2(s.p50, s.actual, cap), stated))
    rows = [_score(kind, day, name, one, model, naive, extra) for name, one, extra in table]
    return [row for row in rows if row is not None]


def beats_naive(found: Sequence[Score]) -> list[Score]:
    """The gate: one flag per whole-window WAPE that has a naive beside it."""
    return [
        Score(
            s.kind,
            None,
            _suffixed("beats_naive", s.metric),
            float(s.model_value < s.naive_value),
            None,
            metrics.FORMULAS["beats_naive"],
        )
        for s in found
        if s.metric.partition("@")[0] == "wape" and s.delivery_on is None and s.naive_value is not None
    ]


def _suffixed(name: str, like: str) -> str:
    _, at, series = like.partition("@")
    return f"{name}{at}{series}"


def _score(
    kind: str, day: date | None, metric: str, one: Callable[[Sample], float],
    model: Sample, naive: Sample | None, extra: str,
) -> Score | None:  # fmt: skip
    if not model.actual.size:
        return None
    try:
        value = round(one(model), 9)
    except ValueError:
        return None
    other = round(one(naive), 9) if naive is not None and naive.actual.size else None
    return Score(kind, day, metric, value, other, metrics.FORMULAS[metric] + extra)

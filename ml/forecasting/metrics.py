"""Forecast scores as pure functions of forecast f and actual a (any shape); e = f - a. domain.md §9.

No formula is universal, so every stored score names its own (``FORMULAS``). A slot whose actual is missing
(NaN) must be left out before; the functions raise ValueError on empty input.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ml.asof import Curve, Mask

FORMULAS: Final[dict[str, str]] = {
    "wape": "sum|f-a| / sum|a|",
    "mape": "mean(|f-a| / |a|), slots with a~0 skipped",
    "accuracy_1": "1 - sqrt(mean(((f-a)/a)^2)), slots with a~0 skipped (traditional daily load accuracy)",
    "accuracy_2": "1 - sqrt(mean((f-a)^2)) / capacity",
    "bias": "sum(f-a) / sum(a)",
    "mae": "mean|f-a|",
    "pinball_p10": "mean(max(0.1(a-q), 0.9(q-a)))",
    "pinball_p50": "mean(max(0.5(a-q), 0.5(q-a)))",
    "pinball_p90": "mean(max(0.9(a-q), 0.1(q-a)))",
    "coverage_p10_p90": "share of slots with P10 <= a <= P90 (target 0.80)",
    "sign_accuracy": "share of slots with sign(Prt_f - Pda_f) = sign(Prt_a - Pda_a); Prt_a = Pda_a skipped",
    "beats_naive": "1 when wape(model) < wape(same-weekday naive), else 0",
}


def wape(forecast: Curve, actual: Curve) -> float:
    """Σ|e| / Σ|a|; raises ValueError when the actuals are all zero."""
    total = float(np.abs(actual).sum())
    if total == 0:
        raise ValueError("wape is undefined: every actual is 0")
    return float(np.abs(forecast - actual).sum()) / total


def mape(forecast: Curve, actual: Curve, near_zero: float = 0.0) -> float:
    """mean(|e|/|a|) over |a| > ``near_zero``; raises ValueError when nothing remains."""
    keep = _relevant(actual, near_zero)
    return float((np.abs(forecast - actual)[keep] / np.abs(actual)[keep]).mean())


def accuracy_1(forecast: Curve, actual: Curve, near_zero: float = 0.0) -> float:
    """1 - √mean((e/a)²) over |a| > ``near_zero``; may be negative."""
    keep = _relevant(actual, near_zero)
    return 1.0 - float(np.sqrt((((forecast - actual)[keep] / actual[keep]) ** 2).mean()))


def accuracy_2(forecast: Curve, actual: Curve, capacity: float) -> float:
    """1 - RMSE/capacity (renewables' form); the capacity, in the unit of the actuals, must be positive."""
    if not capacity > 0:
        raise ValueError(f"capacity must be positive, not {capacity}")
    return 1.0 - float(np.sqrt(((forecast - actual) ** 2).mean())) / capacity


def bias(forecast: Curve, actual: Curve) -> float:
    """Σe / Σa; positive = forecast too high. Raises ValueError when Σa = 0."""
    total = float(actual.sum())
    if total == 0:
        raise ValueError("bias is undefined: the actuals sum to 0")
    return float((forecast - actual).sum()) / total


def mae(forecast: Curve, actual: Curve) -> float:
    """mean|e|, in the unit of the actuals."""
    return float(np.abs(forecast - actual).mean())


def pinball(quantile_forecast: Curve, actual: Curve, quantile: float) -> float:
    """Mean pinball (quantile) loss, in the unit of the actuals; ``quantile`` in (0, 1)."""
    if not 0 < quantile < 1:
        raise ValueError(f"quantile must lie in (0, 1), not {quantile}")
    under = actual - quantile_forecast
    return float(np.maximum(quantile * under, (quantile - 1) * under).mean())


def coverage(low: Curve, high: Curve, actual: Curve) -> float:
    """Share of actuals inside [low, high]."""
    return float(((low <= actual) & (actual <= high)).mean())


def sign_accuracy(rt_forecast: Curve, da_forecast: Curve, rt_actual: Curve, da_actual: Curve) -> float:
    """Share of slots where the sign of Prt - Pda was right; raises ValueError when no slot has a spread."""
    truth = np.sign(rt_actual - da_actual)
    keep = truth != 0
    if not keep.any():
        raise ValueError("sign accuracy is undefined: real-time equals day-ahead in every slot")
    return float((np.sign(rt_forecast - da_forecast)[keep] == truth[keep]).mean())


def _relevant(actual: Curve, near_zero: float) -> Mask:
    keep: Mask = np.abs(actual) > near_zero
    if not keep.any():
        raise ValueError(f"undefined: no actual is larger than {near_zero}")
    return keep

"""Purchase cost = medium/long-term cost + Σ (load − medium/long-term position) × real-time price.

This is the difference form of domain.md §4.1 with the real-time reference point and without the day-ahead
difference ΣQda(Pda − Prt): the day-ahead quantity is still to be declared when this is computed. Quantiles
come from joint scenarios: load and price errors of the SAME past day are drawn together, so a day that was
long and dear stays long and dear. Integers out; quantiles do not add up over slots, therefore the day's
total is its own quantile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.asof import Curve
from ml.tables import QUANTILES

Integers = npt.NDArray[np.int64]

MODEL: Final = "joint_residual_cost"
DRAWS: Final = 1000
SEED: Final = 20260102
#: 0.0001 yuan per (Wh x 0.001 yuan/MWh = 10^-9 yuan)
_PER_SLOT_UNIT: Final = 100_000
_FEN: Final = Decimal("0.01")


@dataclass(frozen=True)
class DayCost:
    """One quantile: cost of the open position per slot (96,) in 0.0001 yuan, and the day's total in yuan."""

    quantile: int
    slots: Integers
    total_cny: Decimal


def params() -> dict[str, Any]:
    """What determines the scenarios besides the data."""
    return {"draws": DRAWS, "seed": SEED, "joint": "load and price residuals of one past day"}


def exact_cost(load_wh: Curve, price_milli: Curve, mlt_wh: Curve) -> Integers:
    """(load − mlt) × price per slot in 10⁻⁹ yuan, int64; inputs are rounded to whole units first."""
    open_wh = np.rint(load_wh).astype(np.int64) - np.rint(mlt_wh).astype(np.int64)
    product: Integers = open_wh * np.rint(price_milli).astype(np.int64)
    return product


def total_cny(exact: Integers, mlt_cost_cny: Decimal) -> Decimal:
    """Day total in yuan, rounded once, half up."""
    nano = Decimal(int(exact.sum()))
    return (mlt_cost_cny + nano.scaleb(-9)).quantize(_FEN, ROUND_HALF_UP)


def simulate(
    load_wh: Curve, price_milli: Curve, mlt_wh: Curve, mlt_cost_cny: Decimal,
    load_errors: Curve, price_errors: Curve,
) -> list[DayCost]:  # fmt: skip
    """P10, P50, P90 of a day's cost.

    ``load_wh``, ``price_milli`` (0.001 yuan/MWh), ``mlt_wh``: (96,) point forecasts and position.
    ``load_errors``, ``price_errors``: (n, 96) in the same units, row i of both from the same past day,
    NaN = unknown (taken as no error). Without rows the three quantiles are equal.
    """
    if load_errors.shape != price_errors.shape:
        raise ValueError(f"residuals must pair up: load {load_errors.shape}, price {price_errors.shape}")
    drawn = _draw(len(load_errors))
    loads = np.vstack([load_wh + np.nan_to_num(load_errors), load_wh[None, :]])
    prices = np.vstack([price_milli + np.nan_to_num(price_errors), price_milli[None, :]])
    exact = exact_cost(np.maximum(loads, 0.0), prices, mlt_wh)[drawn]
    slots, totals = np.sort(exact, axis=0), np.sort(exact.sum(axis=1))
    result = []
    for quantile in QUANTILES:
        row = _row(quantile, len(drawn), len(load_errors))
        total = total_cny(totals[row : row + 1], mlt_cost_cny)
        result.append(DayCost(quantile, _per_slot(slots[row]), total))
    return result


def _row(quantile: int, draws: int, days: int) -> int:
    """Row of a quantile among sorted draws, widened for few past days: p' = 50 % + (p − 50 %)(n + 1)/n."""
    widened = 50 + (quantile - 50) * (days + 1) / max(days, 1)
    return min(max(math.ceil(widened * draws / 100) - 1, 0), draws - 1)


def _draw(days: int) -> Integers:
    """Rows of past days, with replacement; row ``days`` is "no error" and used when there are none."""
    if not days:
        return np.zeros(1, dtype=np.int64)
    return np.random.default_rng(SEED).integers(0, days, DRAWS)


def _per_slot(exact: Integers) -> Integers:
    """10⁻⁹ yuan → 0.0001 yuan, half away from zero, in integers."""
    half = _PER_SLOT_UNIT // 2
    rounded: Integers = np.sign(exact) * ((np.abs(exact) + half) // _PER_SLOT_UNIT)
    return rounded

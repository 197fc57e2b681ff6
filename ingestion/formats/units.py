"""Exact arithmetic from a source's number to watt-hours: no float, no silent rounding.

A source value is read as an integer count of its smallest decimal and becomes an amount, an integer in
``1/scale`` Wh, so that averages of power and odd multipliers stay exact until the last step.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Literal

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Rounding = Literal["exact", "carry"]

ENERGY_UNITS = {
    "Wh": 1,
    "kWh": 1_000,
    "MWh": 1_000_000,
    "万kWh": 10_000_000,
    "亿kWh": 100_000_000_000,
    "varh": 1,
    "kvarh": 1_000,
    "Mvarh": 1_000_000,
}
POWER_UNITS = {"W": 1, "kW": 1_000, "MW": 1_000_000, "var": 1, "kvar": 1_000, "Mvar": 1_000_000}
SLOTS = 96
MAX_WH = 2_147_483_647  # landing holds int4
MAX_SCALE = 1_000_000  # keeps every sum of a day far inside int64


@dataclass(frozen=True)
class Scale:
    """How a count of ``10**-decimals`` source units becomes an amount: ``amount = count * numerator``."""

    decimals: int
    numerator: int
    scale: int

    @property
    def largest_count(self) -> int:
        """Largest count whose energy still fits a landing slot."""
        return MAX_WH * self.scale // self.numerator


def scale_of(unit: str, points: int, multiplier: Fraction, decimals: int) -> Scale:
    """Scale of a unit for intervals of 24 h / ``points``; ValueError when finer than 10⁻⁶ Wh.

    >>> scale_of("kW", 96, Fraction(1), 3)      # 0.001 kW for a quarter hour = 1/4 Wh
    Scale(decimals=3, numerator=1, scale=4)
    """
    factor = Fraction(ENERGY_UNITS.get(unit) or POWER_UNITS[unit]) * multiplier
    if unit in POWER_UNITS:
        factor *= Fraction(24, points)
    denominator = factor.denominator * 10**decimals
    shared = gcd(factor.numerator, denominator)
    scale = Scale(decimals, factor.numerator // shared, denominator // shared)
    if scale.scale > MAX_SCALE:
        raise ValueError(f"decimals {decimals} and multiplier {multiplier} count finer than 0.000001 Wh")
    return scale


def to_slots(
    amounts: Ints, missing: Bools, scale: int, rounding: Rounding, split_decimals: int
) -> tuple[Ints, Bools]:
    """Wh per slot, shape (records, 96), of amounts of shape (records, points); missing stays missing.

    ``points`` divides 96 (then an interval is split into equal slots, the residue to the first, domain §6) or
    is a multiple of 96 (then intervals are added; one missing makes its slot missing). ``carry`` rounds the
    running total of the day, so the day's sum is right to half a Wh. ``split_decimals``: decimals of kWh that
    a split keeps.

    >>> hour = np.zeros((1, 24), dtype=np.int64); hour[0, 0] = 101
    >>> to_slots(hour, hour < 0, 1, "exact", 3)[0][0, :5].tolist()
    [26, 25, 25, 25, 0]
    """
    points = amounts.shape[1]
    if points > SLOTS:
        parts = points // SLOTS
        amounts = np.where(missing, 0, amounts).reshape(len(amounts), SLOTS, parts).sum(axis=2)
        missing = np.asarray(missing.reshape(len(missing), SLOTS, parts).any(axis=2), dtype=np.bool_)
    amounts = np.where(missing, 0, amounts)
    if rounding == "carry":
        running = np.cumsum(amounts, axis=1)
        whole = (2 * running + scale) // (2 * scale)
        wh = np.diff(whole, axis=1, prepend=0)
    else:
        wh = amounts // scale
    parts = SLOTS // min(points, SLOTS)
    if parts > 1:
        wh, missing = _split(wh, parts, 10 ** (3 - split_decimals)), np.repeat(missing, parts, axis=1)
    return np.where(missing, 0, wh), missing


def _split(wh: Ints, parts: int, step: int) -> Ints:
    """Each interval in ``parts`` equal multiples of ``step`` Wh; what is left goes to the first."""
    share = wh // (parts * step) * step
    slots = np.repeat(share, parts, axis=1)
    slots[:, ::parts] = wh - (parts - 1) * share
    return slots

"""A supply stack and its clearing: price of a slot = cost of the last megawatt needed.

Made up. Blocks stand in rising price and do not overlap, so a higher load or a smaller renewable offer can
never lower the price. Inside a block the offers rise on a straight line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sample.profiles import Ints

FLOOR_MILLI, CAP_MILLI = -100_000, 1_300_000
"""Price limits, 0.001 yuan/MWh."""


@dataclass(frozen=True)
class Block:
    """Offers of one kind of plant: `kw` of capacity from `low` to `high` (0.001 yuan/MWh)."""

    name: str
    kw: int
    low: int
    high: int


WIND, SOLAR = "wind", "solar"
COAL_THAT_FAILS = "coal, large units"
STACK = (
    Block("nuclear and heat-bound plant", 20_000_000, -100_000, -90_000),
    Block(WIND, 0, -90_000, -70_000),
    Block(SOLAR, 0, -70_000, 30_000),
    Block("tie line, base part", 7_000_000, 150_000, 280_000),
    Block(COAL_THAT_FAILS, 20_000_000, 280_000, 352_000),
    Block("coal, middle units", 18_000_000, 352_000, 430_000),
    Block("coal, old units", 9_000_000, 430_000, 540_000),
    Block("gas and pumped storage", 7_000_000, 540_000, 800_000),
    Block("scarcity", 9_000_000, 800_000, 1_300_000),
)
"""Wind and solar take their capacity from the slot's offer."""


def clear(load_kw: Ints, wind_kw: Ints, solar_kw: Ints, outage_kw: Ints) -> Ints:
    """Price every slot, 0.001 yuan/MWh; all arguments and the result share one shape.

    `outage_kw` is missing coal, taken out of the large units as load that the rest must serve. Never above
    the cap nor below the floor.
    """
    need = load_kw.astype(np.int64)
    price = np.full(need.shape, FLOOR_MILLI, dtype=np.int64)
    below = np.zeros(need.shape, dtype=np.int64)
    for block in STACK:
        offered = {WIND: wind_kw, SOLAR: solar_kw}.get(block.name, np.int64(block.kw))
        if block.name == COAL_THAT_FAILS:
            offered = np.maximum(offered - outage_kw, 0)
        inside = np.clip(need - below, 0, offered)
        reached = block.low + inside * (block.high - block.low) // np.maximum(offered, 1)
        price = np.where(inside > 0, reached, price)
        below = below + offered
    price = np.where(need > below, CAP_MILLI, price)
    clipped: Ints = np.clip(price, FLOOR_MILLI, CAP_MILLI)
    return clipped

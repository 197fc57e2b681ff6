"""Anhui's spot prices and what its trading centre announces (made up)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from ingestion.sample.anhui.roster import PROVINCE
from ingestion.sample.config import DAYS, SLOTS, SOURCE_CENTRE
from ingestion.sample.profiles import Ints
from ingestion.sample.span import days_of, known_after, price_on
from ingestion.sample.system_load import drift
from ingestion.sample.trading_centre import Prices
from ingestion.sample.writer import Delivery, csv_bytes, milli

FLOOR_MILLI, CAP_MILLI = 0, 1_100_000
"""Price limits of Anhui's rules, 0.001 yuan/MWh."""
_PER_MILLE, _LIFT_MILLI, _SPREAD_MILLI = 800, 88_000, 22_000
_STREAMS = 31, 32
_HEADER = ["province", "delivery_month", "parameter", "value"]
_FORMAL_DAY = 9
_SHORTFALL_FACTOR = "1.05"


def neighbouring_prices(prices: Prices) -> Prices:
    """Make prices that move with the neighbouring province's, less wildly, each series with its own drift."""
    day_ahead, real_time = (
        _moved(curve, stream)
        for curve, stream in zip((prices.day_ahead, prices.real_time), _STREAMS, strict=True)
    )
    return Prices(day_ahead=day_ahead, real_time=real_time)


def _moved(curve: Ints, stream: int) -> Ints:
    own = np.rint(_SPREAD_MILLI * drift(stream, DAYS * SLOTS, 0.98, 1.0)).astype(np.int64)
    moved: Ints = curve * _PER_MILLE // 1000 + _LIFT_MILLI + own.reshape(DAYS, SLOTS)
    return np.clip(moved, FLOOR_MILLI, CAP_MILLI)


def parameter_deliveries(prices: Prices, months: Sequence[date]) -> Iterator[Delivery]:
    """Give the numbers that the recoveries of each finished month need: the contracts' market mean and h3."""
    for month in months:
        curve = np.stack([price_on(prices.day_ahead, day) for day in days_of(month)])
        mean = int(curve.sum()) // curve.size
        numbers = {"mlt_market_mean": milli(mean), "mlt_hour_shortfall.price_a_factor": _SHORTFALL_FACTOR}
        rows = [[PROVINCE, f"{month:%Y-%m}", name, value] for name, value in numbers.items()]
        known = known_after(month, _FORMAL_DAY, 10)
        name = f"market_parameter-{PROVINCE}-{month:%Y-%m}.csv"
        yield Delivery(name, known, SOURCE_CENTRE, csv_bytes(_HEADER, rows))

"""Day-ahead and real-time unified prices of the simulated trading centre.

Day-ahead clears the FORECAST system, real-time the ACTUAL one plus forced outages that nobody knew the day
before. Both in 0.001 yuan/MWh, int64 [365, 96].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sample.config import DAYS, SEED, SLOTS
from ingestion.sample.profiles import Ints
from ingestion.sample.supply_stack import clear
from ingestion.sample.system_load import System

EXPECTED_OUTAGE_KW = 2_000_000
_UNIT_KW = 660_000
_UNITS = 24
_FAILS, _RETURNS = 0.0014, 0.01
"""Chance a slot that a running unit fails and that a failed one returns: 12 % out in the mean."""


@dataclass(frozen=True)
class Prices:
    """The two unified price series."""

    day_ahead: Ints
    real_time: Ints


def forced_outages() -> Ints:
    """Make the coal that is forced out, kW [365, 96]: 24 units of 660 MW that fail and return at random
    (seeded).
    """
    draws = np.random.default_rng([SEED, 5]).random((DAYS * SLOTS, _UNITS))
    out = np.zeros(_UNITS, dtype=bool)
    missing = np.empty(DAYS * SLOTS, dtype=np.int64)
    for step in range(DAYS * SLOTS):
        out = np.where(out, draws[step] >= _RETURNS, draws[step] < _FAILS)
        missing[step] = int(out.sum())
    return (missing * _UNIT_KW).reshape(DAYS, SLOTS)


def build_prices(system: System) -> Prices:
    """Clear both markets for every slot of the year."""
    expected = np.full((DAYS, SLOTS), EXPECTED_OUTAGE_KW, dtype=np.int64)
    return Prices(
        day_ahead=clear(system.load_forecast, system.wind_forecast, system.solar_forecast, expected),
        real_time=clear(system.load, system.wind, system.solar, forced_outages()),
    )

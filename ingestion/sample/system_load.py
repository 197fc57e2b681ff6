"""A Shandong-like provincial system: load, wind and solar, and the forecasts the trading centre published.

The SHAPES are real (SimBench load, wind and PV of the same days as the customers'); the levels (50–90 GW of
load, the installed wind and solar) and the forecast errors (autocorrelated, seeded) are made up. All series
are kW, int64 [365, 96].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingestion.sample.config import DAYS, SEED, SLOTS, month_days
from ingestion.sample.fetch import PV_PROFILES, WIND_PROFILES
from ingestion.sample.profiles import Ints, Profiles

Floats = npt.NDArray[np.float64]

LOAD_LOW_KW, LOAD_HIGH_KW = 50_000_000, 90_000_000
WIND_KW, SOLAR_KW = 24_000_000, 75_000_000
SOLAR_MONTH_PER_MILLE = (105, 125, 150, 165, 175, 160, 145, 145, 150, 140, 115, 100)
"""Made-up monthly capacity factors: the real shapes are German, and Shandong's winter sun is stronger."""
_LOAD_MIX = {"mv_urban": 14, "mv_comm": 12, "hv_urban": 8, "G3-H": 30, "BL-H": 14, "G0-M": 10, "WB-H": 12}
_SMOOTH_OVER = 9
"""A province adds up many thousands of sites, a profile only one: its load is a running mean over these
slots.
"""


@dataclass(frozen=True)
class System:
    """Actual series, and the day-ahead forecasts known before the day."""

    load: Ints
    wind: Ints
    solar: Ints
    load_forecast: Ints
    wind_forecast: Ints
    solar_forecast: Ints

    @property
    def renewable_forecast(self) -> Ints:
        """Wind plus solar, as the trading centre publishes it."""
        return self.wind_forecast + self.solar_forecast


def drift(stream: int, size: int, hold: float, spread: float) -> Floats:
    """Make an AR(1) error of `size` steps: e[t] = hold·e[t−1] + noise, with stationary deviation `spread`."""
    noise = np.random.default_rng([SEED, stream]).standard_normal(size)
    noise *= spread * (1 - hold * hold) ** 0.5
    out = np.empty(size)
    level = 0.0
    for step, shock in enumerate(noise.tolist()):
        level = hold * level + shock
        out[step] = level
    return out


def build_system(profiles: Profiles) -> System:
    """Build the year of the system from real shapes."""
    load = _between(profiles.blend(_LOAD_MIX))
    wind = _mean(profiles, WIND_PROFILES, WIND_KW)
    solar = _lift(_mean(profiles, PV_PROFILES, SOLAR_KW))
    slots = DAYS * SLOTS
    load_error = 1 + drift(1, slots, 0.97, 0.016).reshape(DAYS, SLOTS)
    wind_error = WIND_KW * drift(2, slots, 0.985, 0.07).reshape(DAYS, SLOTS)
    solar_error = 1 + drift(3, DAYS, 0.3, 0.13)[:, None] + drift(4, slots, 0.9, 0.03).reshape(DAYS, SLOTS)
    return System(
        load=load, wind=wind, solar=solar,
        load_forecast=_kw(load * load_error),
        wind_forecast=np.minimum(_kw(wind + wind_error), WIND_KW),
        solar_forecast=np.minimum(_kw(solar * solar_error), SOLAR_KW),
    )  # fmt: skip


def _between(jagged: Ints) -> Ints:
    half = _SMOOTH_OVER // 2
    wide = np.pad(jagged.ravel(), half, mode="edge")
    shape = sum(
        (wide[i : i + jagged.size] for i in range(_SMOOTH_OVER)), np.zeros(jagged.size, dtype=np.int64)
    )
    shape = shape.reshape(jagged.shape)
    low, high = int(shape.min()), int(shape.max())
    return LOAD_LOW_KW + (shape - low) * ((LOAD_HIGH_KW - LOAD_LOW_KW) // 1000) // (high - low) * 1000


def _mean(profiles: Profiles, names: tuple[str, ...], installed_kw: int) -> Ints:
    total = np.zeros((DAYS, SLOTS), dtype=np.int64)
    for name in names:
        total += np.maximum(profiles.shapes[name], 0)
    # to whole 100 kW, the step in which the centre publishes
    return total * (installed_kw // 1000) // (len(names) * 1000) // 100 * 100


def _lift(solar: Ints) -> Ints:
    """Bring every month to its capacity factor; shapes inside the month stay as they are."""
    lifted = solar.copy()
    for month, per_mille in enumerate(SOLAR_MONTH_PER_MILLE, start=1):
        days = month_days(month)
        part = solar[days.start : days.stop]
        wanted = SOLAR_KW // 1000 * per_mille * part.size
        lifted[days.start : days.stop] = part * (wanted // 1000) // (int(part.sum()) // 1000)
    return np.minimum(lifted // 100 * 100, SOLAR_KW)


def _kw(values: Floats) -> Ints:
    rounded: Ints = np.rint(np.maximum(values, 0) / 100).astype(np.int64) * 100
    return rounded

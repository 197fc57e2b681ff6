"""Forecasting: load and price at 96 points with P10/P50/P90, their backtests and scores.

Belongs here: forecasters (entry points ``wattledger.forecasters``), day calendars, calibration of quantiles,
metrics, rolling-origin backtests, and writing them to the schema ``forecast``.

Does not belong here: cost models (``ml.cost``), knowledge cuts and reading marts (``ml.asof``, ``ml.marts``),
anything settled (``dbt_project``), scheduling (``orchestration``).
"""

from ml.forecasting.protocol import Forecaster, ForecastInputError, installed, make
from ml.forecasting.run import Models, run_next_day
from ml.forecasting.store import ForecastReport

__all__ = [
    "ForecastInputError",
    "ForecastReport",
    "Forecaster",
    "Models",
    "installed",
    "make",
    "run_next_day",
]

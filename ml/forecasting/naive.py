"""Same weekday last week: the forecast every model must beat."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from ml.asof import DA_PRICE, LOAD, RT_PRICE, Curve, KnownCurves
from ml.forecasting.protocol import ForecastInputError

WEEKS_BACK: Final = 4


class SameWeekdayNaive:
    """Repeats D-7; a slot missing there comes from D-14, D-21 or D-28."""

    name = "same_weekday_naive"
    series: tuple[str, ...] = (LOAD, RT_PRICE, DA_PRICE)

    def params(self) -> dict[str, Any]:
        """The number of weeks it goes back for a missing slot."""
        return {"weeks_back": WEEKS_BACK}

    def fit(self, known: KnownCurves, series: str) -> FittedNaive:
        """Nothing to estimate; raises ForecastInputError when the series is unknown at the gate."""
        if not known.days(series):
            raise ForecastInputError(
                f"nothing is known of {series} at {known.available_at}; deliver at least 7 days of it first"
            )
        return FittedNaive(series)


class FittedNaive:
    """See SameWeekdayNaive."""

    def __init__(self, series: str) -> None:
        """Remember the series."""
        self._series = series

    def predict(self, known: KnownCurves, delivery_on: date) -> Curve:
        """Curve (96,) of the latest known same weekday; raises ForecastInputError when a slot has none."""
        curve = np.full(96, np.nan)
        for week in range(1, WEEKS_BACK + 1):
            earlier = known.usable(self._series, delivery_on - timedelta(weeks=week))
            curve = np.where(np.isnan(curve), earlier, curve)
        if np.isnan(curve).any():
            raise ForecastInputError(
                f"{self._series}: no same weekday within {WEEKS_BACK} weeks before {delivery_on} is known at"
                f" {known.available_at} for {int(np.isnan(curve).sum())} slots; deliver the missing days"
            )
        return curve

    def notes(self) -> dict[str, Any]:
        """Nothing was fitted."""
        return {}

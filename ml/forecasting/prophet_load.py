"""The portfolio's load at 96 points: Prophet, day types by calendar and evidence, caught up."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from ml.asof import LOAD, Curve, KnownCurves
from ml.forecasting.calendar import Calendar, china, choose_calendar
from ml.forecasting.prophet_core import FittedProphet, ProphetSettings, Training, history_window
from ml.forecasting.residuals import CatchUp

SETTINGS: Final = ProphetSettings(
    history_days=120,
    min_days=21,
    fourier_order=8,
    catch_up=CatchUp(shape_half_life=14.0, level_half_life=1.0, level_share=0.8),
)


class ProphetLoad:
    """Net load of the portfolio, Wh per slot, never negative."""

    name = "prophet_load"
    series: tuple[str, ...] = (LOAD,)

    def __init__(self, settings: ProphetSettings = SETTINGS, calendar: Calendar | None = None) -> None:
        """Settings and the calendar to try (mainland China unless given)."""
        self._settings = settings
        self._calendar = calendar

    def params(self) -> dict[str, Any]:
        """The settings, as stored with a run."""
        return self._settings.as_params()

    def fit(self, known: KnownCurves, series: str) -> FittedLoad:
        """Fit on the last 120 days known; raises ForecastInputError below 21 usable days."""
        days, curves = history_window(known, series, self._settings)
        choice = choose_calendar(self._calendar or china(), days, curves)
        model = FittedProphet(self._settings, Training(days, curves, {}, choice))
        return FittedLoad(series, model, len(days), self._settings.history_days)


class FittedLoad:
    """See ProphetLoad."""

    def __init__(self, series: str, model: FittedProphet, days: int, wanted: int) -> None:
        """Keep the fit and what was used for it."""
        self._series = series
        self._model = model
        self._notes = {
            "days_used": days,
            "days_wanted": wanted,
            "hours_dropped": model.dropped_hours,
            "calendar": model.choice.name,
            "calendar_reason": model.choice.reason,
        }

    def predict(self, known: KnownCurves, delivery_on: date) -> Curve:
        """Wh per slot (96,), at least 0."""
        days = self._model.recent_days(known, self._series, delivery_on)
        structural = self._model.structural([*days, delivery_on], {})
        curve = self._model.caught_up(known, self._series, delivery_on, days, structural)
        return np.maximum(curve, 0.0)

    def notes(self) -> dict[str, Any]:
        """Days used, hours dropped, and which calendar was applied and why."""
        return dict(self._notes)

"""Prices per slot: Prophet on the published system forecasts, which stand for the supply stack.

The system's load and renewable forecast for a day are published on the day before at 09:30, before the
gate. Their difference, the net load, meets a convex supply curve, so it enters piecewise linearly (hinges at
its quantiles).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from ml.asof import (
    DA_PRICE,
    RT_PRICE,
    SYSTEM_LOAD_FORECAST,
    SYSTEM_RENEWABLE_FORECAST,
    Curve,
    KnownCurves,
    has_nan,
)
from ml.forecasting.calendar import Calendar, china, choose_calendar
from ml.forecasting.prophet_core import FittedProphet, ProphetSettings, Training, history_window
from ml.forecasting.protocol import ForecastInputError
from ml.forecasting.residuals import CatchUp

HINGE_QUANTILES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
#: share of history days that need both system forecasts before they are used at all
MIN_REGRESSOR_SHARE: Final = 0.8

SETTINGS: Final = ProphetSettings(
    history_days=120,
    min_days=21,
    fourier_order=6,
    catch_up=CatchUp(shape_half_life=20.0, level_half_life=3.0, level_share=0.6),
)


class ProphetPrice:
    """A unified price, 0.001 yuan/MWh per slot; stays inside the range seen (floor and cap show there)."""

    name = "prophet_price"
    series: tuple[str, ...] = (RT_PRICE, DA_PRICE)

    def __init__(self, settings: ProphetSettings = SETTINGS, calendar: Calendar | None = None) -> None:
        """Settings and the calendar to try (mainland China unless given)."""
        self._settings = settings
        self._calendar = calendar

    def params(self) -> dict[str, Any]:
        """The settings, as stored with a run."""
        return {**self._settings.as_params(), "hinge_quantiles": list(HINGE_QUANTILES)}

    def fit(self, known: KnownCurves, series: str) -> FittedPrice:
        """Fit on the last 120 days known; raises ForecastInputError below 21 usable days."""
        days, curves = history_window(known, series, self._settings)
        choice = choose_calendar(self._calendar or china(), days, curves)
        published = ~has_nan(_system(known, days), (0, 2))
        knots: tuple[float, ...] = ()
        if published.mean() >= MIN_REGRESSOR_SHARE:
            days = [day for day, good in zip(days, published, strict=True) if good]
            curves = curves[published]
            load, renewable = _system(known, days)
            knots = tuple(float(k) for k in np.quantile(load - renewable, HINGE_QUANTILES))
        regressors = _features(_system(known, days), knots)
        model = FittedProphet(self._settings, Training(days, curves, regressors, choice))
        seen = (float(np.nanmin(curves)), float(np.nanmax(curves)))
        return FittedPrice(series, model, knots, seen, len(days), int((~published).sum()))


class FittedPrice:
    """See ProphetPrice."""

    def __init__(
        self, series: str, model: FittedProphet, knots: tuple[float, ...], seen: tuple[float, float],
        days: int, unpublished: int,
    ) -> None:  # fmt: skip
        """Keep the fit, the hinges and the range of prices seen."""
        self._series = series
        self._model = model
        self._knots = knots
        self._seen = seen
        self._notes: dict[str, Any] = {
            "days_used": days,
            "days_without_system_forecast": unpublished,
            "hours_dropped": model.dropped_hours,
            "regressors": "load and renewable forecast"
            if knots
            else "none: too few days with both forecasts",
            "calendar": model.choice.name,
            "calendar_reason": model.choice.reason,
        }

    def predict(self, known: KnownCurves, delivery_on: date) -> Curve:
        """Price per slot (96,). An unpublished system forecast is replaced by the same weekday before.

        Raises ForecastInputError when that is not known either.
        """
        days = self._model.recent_days(known, self._series, delivery_on)
        if self._knots:
            published = ~has_nan(_system(known, days), (0, 2))
            days = [day for day, good in zip(days, published, strict=True) if good]
            system = np.concatenate([_system(known, days), _published_or_before(known, delivery_on)], axis=1)
        else:
            system = _system(known, [*days, delivery_on])
        structural = self._model.structural([*days, delivery_on], _features(system, self._knots))
        curve = self._model.caught_up(known, self._series, delivery_on, days, structural)
        return np.clip(curve, *self._seen)

    def notes(self) -> dict[str, Any]:
        """Days used, hours dropped, whether the system forecasts were used, the calendar and why."""
        return dict(self._notes)


def _system(known: KnownCurves, days: Sequence[date]) -> Curve:
    """(2, len(days), 96): load and renewable forecast, NaN where not published."""
    return np.stack([known.block(SYSTEM_LOAD_FORECAST, days), known.block(SYSTEM_RENEWABLE_FORECAST, days)])


def _published_or_before(known: KnownCurves, day: date) -> Curve:
    """(2, 1, 96) of ``day``, or of the latest same weekday with both forecasts."""
    for week in range(5):
        system = _system(known, [day - timedelta(weeks=week)])
        if not np.isnan(system).any():
            return system
    raise ForecastInputError(
        f"no system load and renewable forecast for {day} or the four weeks before is known at"
        f" {known.available_at}; deliver feed system_day"
    )


def _features(system: Curve, knots: Sequence[float]) -> dict[str, Curve]:
    """Regressors (n, 96) each from the system forecasts (2, n, 96); none without knots."""
    if not knots:
        return {}
    load, renewable = system
    net = load - renewable
    hinges = {f"net_above_{i}": np.maximum(net - knot, 0.0) for i, knot in enumerate(knots)}
    share = np.divide(renewable, load, out=np.zeros_like(load), where=load > 0)
    return {"net_load": net, "renewable_share": share, **hinges}

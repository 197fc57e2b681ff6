"""What a forecaster is: the extension point ``wattledger.forecasters``.

A forecaster gives one point curve (P50); quantiles are calibrated outside it, the same way for everyone
(``ml.forecasting.conformal``), so that models stay comparable. See ``tests/conformance/test_forecasters.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.metadata import entry_points
from typing import Any, Final, Protocol, runtime_checkable

from ml.asof import Curve, KnownCurves

GROUP: Final = "wattledger.forecasters"


class ForecastInputError(ValueError):
    """The known history does not suffice; the message says what is missing and what to do."""


@runtime_checkable
class FittedForecaster(Protocol):
    """A model fitted on one cut of knowledge; it predicts days for some time after."""

    def predict(self, known: KnownCurves, delivery_on: date) -> Curve:
        """Point forecast, finite float64 (96,), in the unit of the series.

        ``known`` is the cut at the delivery day's own gate: never earlier than the one of ``fit``.
        """
        ...

    def notes(self) -> dict[str, Any]:
        """JSON-able facts about the fit: days used, slots dropped, choices made and why."""
        ...


@runtime_checkable
class Forecaster(Protocol):
    """Makes fitted models. Deterministic: same parameters and knowledge, same bytes out."""

    name: str
    #: the series it can forecast (``ml.asof`` names)
    series: tuple[str, ...]

    def params(self) -> dict[str, Any]:
        """Every parameter that can change a result, JSON-able; part of a run's identity."""
        ...

    def fit(self, known: KnownCurves, series: str) -> FittedForecaster:
        """Fit on what ``known`` holds; raises ForecastInputError when that is too little."""
        ...


def installed() -> dict[str, Callable[[], Forecaster]]:
    """Every installed forecaster by entry-point name; the built-in ones come through the same door."""
    return {point.name: point.load() for point in sorted(entry_points(group=GROUP), key=lambda p: p.name)}


def make(name: str) -> Forecaster:
    """The forecaster installed under ``name``; raises ForecastInputError naming those that are."""
    for point in entry_points(group=GROUP, name=name):
        made: Forecaster = point.load()()
        return made
    known = ", ".join(sorted(point.name for point in entry_points(group=GROUP))) or "none"
    raise ForecastInputError(
        f"no forecaster {name!r} is installed under the entry point {GROUP} (installed: {known});"
        " reinstall wattledger (`make env`) or the package that brings it"
    )

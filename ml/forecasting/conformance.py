"""What every forecaster must do, as checks that any implementation can be run against.

Used by ``tests/conformance/test_forecasters.py`` on every installed forecaster; a third party can call the
same checks in its own tests. Each check raises AssertionError with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final, Literal

import numpy as np

from ml import asof
from ml.asof import Curve, CurveHistory, CurveVersion
from ml.forecasting.protocol import Forecaster, ForecastInputError

Pattern = Literal["weekly", "constant", "zero", "gaps"]
DELIVERY_ON: Final = date(2026, 9, 11)
CHINA: Final = timezone(timedelta(hours=8))
GATE_AT: Final = datetime(2026, 9, 10, 12, 0, tzinfo=CHINA)
_LATER: Final = 100 * 365
#: days from delivery to knowledge, and the hour: metering, prices, system forecasts, position
_KNOWN: Final[dict[str, tuple[int, int]]] = {
    asof.LOAD: (1, 8),
    asof.RT_PRICE: (1, 9),
    asof.DA_PRICE: (-1, 17),
    asof.SYSTEM_LOAD_FORECAST: (-1, 9),
    asof.SYSTEM_RENEWABLE_FORECAST: (-1, 9),
    asof.MLT_POSITION: (-20, 10),
}
_LEVEL: Final[dict[str, float]] = {
    asof.LOAD: 3e6,
    asof.RT_PRICE: 4e5,
    asof.DA_PRICE: 4e5,
    asof.SYSTEM_LOAD_FORECAST: 6e7,
    asof.SYSTEM_RENEWABLE_FORECAST: 2e7,
    asof.MLT_POSITION: 2.4e6,
}


def known_at(series: str, day: date) -> datetime:
    """When a day of a series becomes known in a Chinese spot market (UTC+8)."""
    days, hour = _KNOWN[series]
    told = day + timedelta(days=days)
    return datetime(told.year, told.month, told.day, hour, 30, tzinfo=CHINA)


def synthetic_history(
    days: int = 70, pattern: Pattern = "weekly", gate_at: datetime = GATE_AT, seed: int = 1
) -> CurveHistory:
    """A made-up history of all series, ``days`` long up to what is known at ``gate_at``; whole numbers.

    ``weekly``: day and week shapes with noise; ``gaps``: the same with missing slots, a missing day and an
    incomplete day; ``constant``, ``zero``: every slot alike.
    """
    last = gate_at.date() + timedelta(days=1)
    first = last - timedelta(days=days)
    versions: dict[str, dict[date, list[CurveVersion]]] = {}
    for number, series in enumerate(_KNOWN):
        noise = np.random.default_rng([seed, number])
        for offset in range(days + 1):
            day = first + timedelta(days=offset)
            curve = _curve(series, day, pattern, noise)
            complete = True
            if pattern == "gaps" and series in (asof.LOAD, asof.RT_PRICE, asof.DA_PRICE):
                curve[40:43] = np.nan if offset % 9 == 0 else curve[40:43]
                complete = series != asof.LOAD or offset % 23 != 0
                if offset % 17 == 0:
                    continue
            if known_at(series, day) <= gate_at:
                amount = Decimal("100000.00") if series == asof.MLT_POSITION else None
                one = CurveVersion(known_at(series, day), curve, complete, amount)
                versions.setdefault(series, {})[day] = [one]
    return CurveHistory(gate_at, versions)


def with_later_knowledge(history: CurveHistory, gate_at: datetime) -> CurveHistory:
    """The same history read later: every day got a wild correction one second after ``gate_at``."""
    versions: dict[str, dict[date, list[CurveVersion]]] = {}
    for series, day, version in history:
        found = versions.setdefault(series, {}).setdefault(day, [])
        late = CurveVersion(gate_at + timedelta(seconds=1), np.rint(version.values * 3 + 12345))
        found += [version, late]
    return CurveHistory(gate_at + timedelta(days=_LATER), versions)


def _curve(series: str, day: date, pattern: Pattern, noise: np.random.Generator) -> Curve:
    level = _LEVEL[series]
    if pattern in ("constant", "zero"):
        return np.full(96, level if pattern == "constant" else 0.0)
    hours = np.arange(96) / 4
    shape = 1 + 0.3 * np.sin((hours - 8) / 24 * 2 * np.pi)
    week = {5: 0.8, 6: 0.7}.get(day.weekday(), 1.0)
    return np.asarray(np.rint(level * week * shape * (1 + 0.02 * noise.standard_normal(96))))


def check_shape(make: Callable[[], Forecaster], series: str) -> None:
    """96 finite values in the order of magnitude of the history."""
    known = synthetic_history().as_of(GATE_AT)
    curve = make().fit(known, series).predict(known, DELIVERY_ON)
    assert curve.shape == (96,), f"predict must return shape (96,), not {curve.shape}"
    assert np.isfinite(curve).all(), "predict must return finite values"
    mean = float(curve.mean())
    assert 0.5 * _LEVEL[series] < mean < 1.5 * _LEVEL[series], f"mean {mean} is far off {_LEVEL[series]}"


def check_no_leak_and_determinism(make: Callable[[], Forecaster], series: str) -> None:
    """Anything that becomes known after the gate changes nothing, and a second run gives the same bytes."""
    history = synthetic_history()
    later = with_later_knowledge(history, GATE_AT)
    curves = []
    for one in (history, later):
        known = one.as_of(GATE_AT)
        curves.append(make().fit(known, series).predict(known, DELIVERY_ON))
    assert curves[0].tobytes() == curves[1].tobytes(), "the forecast used knowledge from after its gate"


def check_degenerate(make: Callable[[], Forecaster], series: str, pattern: Pattern) -> None:
    """Gaps, a constant and an all-zero history give a finite forecast; a constant one gives the constant."""
    known = synthetic_history(pattern=pattern).as_of(GATE_AT)
    curve = make().fit(known, series).predict(known, DELIVERY_ON)
    assert np.isfinite(curve).all(), f"{pattern}: not finite"
    if pattern in ("constant", "zero"):
        want = _LEVEL[series] if pattern == "constant" else 0.0
        assert np.abs(curve - want).max() <= 0.01 * max(want, 1.0), f"{pattern}: expected {want} everywhere"


def check_too_short(make: Callable[[], Forecaster], series: str) -> None:
    """Three days of history are refused with ForecastInputError, not with a crash or a guess."""
    known = synthetic_history(days=3).as_of(GATE_AT)
    message = ""
    try:
        make().fit(known, series).predict(known, DELIVERY_ON)
    except ForecastInputError as refusal:
        message = str(refusal)
    assert message, "three days of history were accepted"
    assert series in message, f"the refusal must name the series: {message}"


def check_params(make: Callable[[], Forecaster]) -> None:
    """Parameters are JSON-able and equal for equal forecasters; name and series are stated."""
    one, other = make(), make()
    assert one.name, "a forecaster has a name"
    assert one.series, "a forecaster names its series"
    assert json.dumps(one.params(), sort_keys=True) == json.dumps(other.params(), sort_keys=True)

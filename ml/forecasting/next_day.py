"""Computes one next-day forecast from a ``CurveHistory``: pure, no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np

from ml import asof
from ml.asof import CurveHistory, KnownCurves
from ml.cost import open_position
from ml.cost.open_position import DayCost
from ml.forecasting import backtest, conformal
from ml.forecasting.backtest import SCORED_DAYS, WARM_UP_DAYS, Gates
from ml.forecasting.conformal import Bands, Origin
from ml.forecasting.protocol import Forecaster, ForecastInputError

Progress = Callable[[int, int, str], None]

#: residuals of load are relative to its level; those of prices are absolute
_RELATIVE: Final = {asof.LOAD: True, asof.RT_PRICE: False, asof.DA_PRICE: False}


@dataclass(frozen=True)
class SeriesForecast:
    """One series by one forecaster: past origins, banded past days, and the next day."""

    series: str
    model: str
    params: dict[str, Any]
    origins: Sequence[Origin]
    past: Mapping[date, Bands]
    next_day: Bands


@dataclass
class Computed:
    """All that a run writes, besides scores. A series that could not be forecast is absent, with a note."""

    scored_days: list[date]
    model: dict[str, SeriesForecast] = field(default_factory=dict)
    naive: dict[str, SeriesForecast] = field(default_factory=dict)
    cost: list[DayCost] = field(default_factory=list)
    cost_past: dict[date, list[DayCost]] = field(default_factory=dict)
    cost_naive: dict[date, list[DayCost]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def compute(
    history: CurveHistory, delivery_on: date, wanted: Mapping[str, Forecaster], naive: Forecaster,
    on_progress: Progress | None = None,
) -> Computed:  # fmt: skip
    """Forecast and backtest every series of ``wanted`` and the purchase cost.

    ``delivery_on`` is forecast at the gate ``history.available_at``; the scored days are the 28 before the
    day of the gate. Raises ForecastInputError when not even the naive can forecast the load.
    """
    gates = Gates(delivery_on, history.available_at)
    last = delivery_on - timedelta(days=2)
    done = Computed([last - timedelta(days=back) for back in range(SCORED_DAYS - 1, -1, -1)])
    warm_up = [done.scored_days[0] - timedelta(days=back) for back in range(WARM_UP_DAYS, 0, -1)]
    past_days = [*warm_up, *done.scored_days]
    makers = [(series, maker) for series, model in wanted.items() for maker in (model, naive)]
    jobs = [job for series, maker in makers for job in backtest.tasks(maker, series, past_days)]
    total = len(jobs) + 2

    def tell(count: int, text: str) -> None:
        if on_progress is not None:
            on_progress(count, total, text)

    found = backtest.rolling_origins(history, gates, jobs, lambda count: tell(count, "rolling origins"))
    for series, maker in makers:
        origins = [
            origin
            for job, result in zip(jobs, found, strict=True)
            if job.series == series and job.forecaster is maker
            for origin in result
        ]
        _finish(history, gates, done, series, maker, origins, is_naive=maker is naive)
    tell(len(jobs) + 1, "next day")
    _fall_back(done, wanted)
    _cost(history, gates, done)
    tell(total, "purchase cost")
    return done


def _finish(
    history: CurveHistory, gates: Gates, done: Computed, series: str, maker: Forecaster,
    origins: list[Origin], is_naive: bool,
) -> None:  # fmt: skip
    """Forecast the next day, calibrate, and file the result; a refusal becomes a note."""
    known = history.as_of(gates.gate_at)
    try:
        fitted = maker.fit(known, series)
        point = fitted.predict(known, gates.delivery_on)
    except ForecastInputError as refusal:
        done.notes.append(f"{maker.name}: {refusal}")
        return
    relative = _RELATIVE[series]
    _, errors = conformal.residuals(known, series, origins, relative)
    forecast = SeriesForecast(
        series,
        maker.name,
        {**maker.params(), "fit": fitted.notes(), "quantiles": {**conformal.params(), "days": len(errors)}},
        origins,
        backtest.banded(history, gates, series, origins, relative, done.scored_days),
        conformal.bands(point, errors, relative, non_negative=relative),
    )
    (done.naive if is_naive else done.model)[series] = forecast


def _fall_back(done: Computed, wanted: Mapping[str, Forecaster]) -> None:
    """Where the model could not be fitted the naive stands in, and the run says so."""
    for series in wanted:
        if series in done.model:
            continue
        if series in done.naive:
            done.model[series] = done.naive[series]
            done.notes.append(
                f"{series}: forecast by {done.naive[series].model} instead (see the note above)"
            )
        elif series == asof.LOAD:
            raise ForecastInputError(" | ".join(done.notes))


def _cost(history: CurveHistory, gates: Gates, done: Computed) -> None:
    for which, past in ((done.model, done.cost_past), (done.naive, done.cost_naive)):
        load, price = which.get(asof.LOAD), which.get(asof.RT_PRICE)
        if load is None or price is None:
            continue
        for day in done.scored_days:
            if day in load.past and day in price.past:
                known = history.as_of(gates.of(day))
                past[day] = _day_cost(known, day, load, price, load.past[day], price.past[day])
    load, price = done.model.get(asof.LOAD), done.model.get(asof.RT_PRICE)
    if load is None or price is None:
        done.notes.append("cost: not computed, there is no price forecast")
        return
    known = history.as_of(gates.gate_at)
    if gates.delivery_on not in known.days(asof.MLT_POSITION):
        done.notes.append(
            f"cost: no medium/long-term position of {gates.delivery_on} is known: all load is open"
        )
    done.cost = _day_cost(known, gates.delivery_on, load, price, load.next_day, price.next_day)


def _day_cost(
    known: KnownCurves,
    day: date,
    load: SeriesForecast,
    price: SeriesForecast,
    load_day: Bands,
    price_day: Bands,
) -> list[DayCost]:
    """Quantiles of one day's cost from the paired residual days known at the day's gate."""
    mlt_wh, mlt_cost = position(known, day)
    earlier = {
        series.series: dict(
            zip(
                *conformal.residuals(
                    known,
                    series.series,
                    [origin for origin in series.origins if origin.delivery_on < day],
                    _RELATIVE[series.series],
                ),
                strict=True,
            )
        )
        for series in (load, price)
    }
    paired = sorted(earlier[asof.LOAD].keys() & earlier[asof.RT_PRICE].keys())
    load_errors = np.array([earlier[asof.LOAD][one] for one in paired]).reshape(len(paired), 96)
    price_errors = np.array([earlier[asof.RT_PRICE][one] for one in paired]).reshape(len(paired), 96)
    return open_position.simulate(
        load_day.p50, price_day.p50, mlt_wh, mlt_cost,
        load_errors * conformal.scale_of(load_day.p50), price_errors,
    )  # fmt: skip


def position(known: KnownCurves, day: date) -> tuple[asof.Curve, Decimal]:
    """Medium/long-term position (96,) Wh and its cost in yuan as known; zeros when none is known."""
    if day not in known.days(asof.MLT_POSITION):
        return np.zeros(96), Decimal(0)
    version = known.version(asof.MLT_POSITION, day)
    return np.nan_to_num(version.values), version.amount_cny or Decimal(0)

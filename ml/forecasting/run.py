"""The one entry of this room: forecast the next delivery day, backtest, score, store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Engine

from ml import asof
from ml.asof import CurveHistory
from ml.cost import open_position
from ml.forecasting import backtest, conformal, store
from ml.forecasting.evaluate import evaluate
from ml.forecasting.next_day import Progress, compute
from ml.forecasting.protocol import Forecaster, make
from ml.forecasting.store import ForecastReport, Identity
from ml.marts import read_history

#: raise when a change of code changes results with equal data and parameters
METHOD_VERSION: Final = 1


@dataclass(frozen=True)
class Models:
    """Names of installed forecasters (entry points ``wattledger.forecasters``) to use."""

    load: str = "prophet_load"
    price: str = "prophet_price"
    naive: str = "same_weekday_naive"


def run_next_day(
    engine: Engine,
    province: str,
    delivery_on: date,
    gate_at: datetime,
    on_progress: Progress | None = None,
    models: Models | None = None,
) -> ForecastReport:
    """Forecast ``delivery_on`` as of ``gate_at``: load, prices and purchase cost, with backtest and scores.

    Reads only what was known at the gate; a run with equal knowledge and parameters is returned from the
    store at once. ``on_progress(done, total, text)``. Raises ForecastInputError (a ValueError) when the load
    has too little history even for the naive, ValueError when ``gate_at`` has no time zone.
    """
    if gate_at.tzinfo is None:
        raise ValueError(f"gate_at {gate_at} has no time zone; give one, e.g. +08:00")
    names = models or Models()
    load, price, naive = make(names.load), make(names.price), make(names.naive)
    history = read_history(engine, province, delivery_on, gate_at)
    identity = Identity(province, delivery_on, gate_at, input_digest(history, [load, price, naive]))
    stored = store.find(engine, identity)
    if stored is not None:
        return stored
    wanted = {asof.LOAD: load, asof.RT_PRICE: price, asof.DA_PRICE: price}
    done = compute(history, delivery_on, wanted, naive, on_progress)
    return store.write(engine, identity, done, evaluate(history.as_of(gate_at), done))


def input_digest(history: CurveHistory, forecasters: list[Forecaster]) -> str:
    """SHA-256 (hex) of all that determines a run: data known at the gate, models, parameters, method."""
    params = {
        "method": METHOD_VERSION,
        "models": [[one.name, one.params()] for one in forecasters],
        "quantiles": conformal.params(),
        "cost": open_position.params(),
        "backtest": [backtest.SCORED_DAYS, backtest.WARM_UP_DAYS, backtest.REFIT_EVERY_DAYS],
    }
    text = json.dumps(params, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{history.digest()}|{text}".encode()).hexdigest()

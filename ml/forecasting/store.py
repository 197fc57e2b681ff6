"""Writes runs to the schema ``forecast`` in one transaction, and reads a run's report back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Engine, Table, func, insert, select

from ml import asof, tables
from ml.asof import Curve
from ml.cost import open_position
from ml.cost.open_position import DayCost
from ml.forecasting.next_day import Computed
from ml.forecasting.scoring import Score

_INT4: Final = np.iinfo(np.int32)


@dataclass(frozen=True)
class Identity:
    """What makes a run the same run: place, day, gate, and the digest of data and parameters."""

    province: str
    delivery_on: date
    gate_at: datetime
    input_digest: str


@dataclass(frozen=True)
class ForecastReport:
    """A stored forecast. ``unchanged``: it was there before and nothing was computed or written.

    ``run_ids`` and ``models`` by kind (load, price, cost, backtest); ``cost_cny`` by quantile, empty without
    a price forecast; ``price_cny_per_mwh`` is the plain mean of the real-time P50.
    """

    identity: Identity
    unchanged: bool
    run_ids: Mapping[str, int]
    models: Mapping[str, str]
    energy_mwh: Decimal
    price_cny_per_mwh: Decimal | None
    cost_cny: Mapping[int, Decimal]
    scores: Sequence[Score]
    notes: Sequence[str]

    def score(self, kind: str, metric: str) -> Score | None:
        """The whole-window score of that name, or None."""
        wanted = (kind, metric, None)
        return next((s for s in self.scores if (s.kind, s.metric, s.delivery_on) == wanted), None)


def find(engine: Engine, identity: Identity) -> ForecastReport | None:
    """The report of the stored run with that identity, or None."""
    with engine.connect() as connection:
        runs = _runs(connection, identity)
        return _report(connection, identity, runs, unchanged=True) if "backtest" in runs else None


def write(engine: Engine, identity: Identity, done: Computed, scores: Sequence[Score]) -> ForecastReport:
    """Append all runs in one transaction; when another writer was first, its report is returned unchanged."""
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(identity.input_digest))))
        runs = _runs(connection, identity)
        if "backtest" in runs:
            return _report(connection, identity, runs, unchanged=True)
        _write_forecasts(connection, identity, done)
        _write_backtest(connection, identity, done, scores)
        return _report(connection, identity, _runs(connection, identity), unchanged=False)


def _write_forecasts(connection: Connection, identity: Identity, done: Computed) -> None:
    load = done.model[asof.LOAD]
    run_id = _add_run(connection, identity, "load", load.model, load.params)
    _add_curves(connection, identity, run_id, "load", {identity.delivery_on: load.next_day.stack()})
    prices = {s: done.model[s] for s in (asof.RT_PRICE, asof.DA_PRICE) if s in done.model}
    if prices:
        models = "+".join(sorted({forecast.model for forecast in prices.values()}))
        params = {series: forecast.params for series, forecast in prices.items()}
        run_id = _add_run(connection, identity, "price", models, params)
        for series, forecast in prices.items():
            curves = {identity.delivery_on: forecast.next_day.stack()}
            _add_curves(connection, identity, run_id, "price", curves, series)
    if done.cost:
        run_id = _add_run(connection, identity, "cost", open_position.MODEL, open_position.params())
        _add_costs(connection, identity, run_id, {identity.delivery_on: done.cost})


def _write_backtest(
    connection: Connection, identity: Identity, done: Computed, scores: Sequence[Score]
) -> None:
    model = "+".join(sorted({forecast.model for forecast in done.model.values()}))
    params = {
        "scored_from": done.scored_days[0].isoformat(),
        "scored_through": done.scored_days[-1].isoformat(),
        "days": {series: len(forecast.past) for series, forecast in done.model.items()},
        "notes": done.notes,
    }
    run_id = _add_run(connection, identity, "backtest", model, params)
    for series, forecast in done.model.items():
        kind, name = ("load", None) if series == asof.LOAD else ("price", series)
        curves = {day: bands.stack() for day, bands in forecast.past.items()}
        _add_curves(connection, identity, run_id, kind, curves, name)
    _add_costs(connection, identity, run_id, done.cost_past)
    rows = [
        {
            "forecast_run_id": run_id,
            "kind": s.kind,
            "delivery_on": s.delivery_on,
            "metric": s.metric,
            "model_value": Decimal(str(s.model_value)),
            "naive_value": None if s.naive_value is None else Decimal(str(s.naive_value)),
            "formula": s.formula,
        }
        for s in scores
    ]
    if rows:
        connection.execute(insert(tables.score), rows)


def _add_run(
    connection: Connection, identity: Identity, kind: str, model: str, params: Mapping[str, Any]
) -> int:
    row = {
        "kind": kind,
        "model": model,
        "model_params": dict(params),
        "province": identity.province,
        "delivery_on": identity.delivery_on,
        "gate_at": identity.gate_at,
        "input_digest": identity.input_digest,
    }
    added = connection.execute(insert(tables.run).values(**row).returning(tables.run.c.forecast_run_id))
    return int(added.scalar_one())


def _add_curves(
    connection: Connection, identity: Identity, run_id: int, kind: str, curves: Mapping[date, Curve],
    series: str | None = None,
) -> None:  # fmt: skip
    """Three rows per day from (3, 96) curves, rounded to whole units (monotone stays monotone)."""
    table = tables.load_day if kind == "load" else tables.price_day
    rows: list[dict[str, Any]] = []
    for day, stack in curves.items():
        whole = np.rint(stack if kind == "load" else np.clip(stack, _INT4.min, _INT4.max)).astype(np.int64)
        for quantile, slots in zip(tables.QUANTILES, whole.tolist(), strict=True):
            row = {"forecast_run_id": run_id, "province": identity.province, "delivery_on": day}
            extra = {} if series is None else {"price_series": series}
            named = dict(zip(tables.SLOT_COLUMNS, slots, strict=True))
            rows.append({**row, **extra, "quantile": quantile, **named})
    if rows:
        connection.execute(insert(table), rows)


def _add_costs(
    connection: Connection, identity: Identity, run_id: int, costs: Mapping[date, Sequence[DayCost]]
) -> None:
    rows = [
        {
            "forecast_run_id": run_id,
            "province": identity.province,
            "delivery_on": day,
            "quantile": one.quantile,
            "total_cny": one.total_cny,
            **dict(zip(tables.SLOT_COLUMNS, one.slots.tolist(), strict=True)),
        }
        for day, quantiles in costs.items()
        for one in quantiles
    ]
    if rows:
        connection.execute(insert(tables.cost_day), rows)


def _runs(connection: Connection, identity: Identity) -> dict[str, Any]:
    run = tables.run
    found = connection.execute(
        select(run).where(
            run.c.province == identity.province,
            run.c.delivery_on == identity.delivery_on,
            run.c.gate_at == identity.gate_at,
            run.c.input_digest == identity.input_digest,
        )
    )
    return {row.kind: row for row in found}


def _report(
    connection: Connection, identity: Identity, runs: Mapping[str, Any], unchanged: bool
) -> ForecastReport:
    ids = {kind: int(row.forecast_run_id) for kind, row in runs.items()}
    load = _p50(connection, tables.load_day, ids["load"])
    price = _p50(connection, tables.price_day, ids["price"], asof.RT_PRICE) if "price" in ids else []
    cost = tables.cost_day.c
    totals = connection.execute(
        select(cost.quantile, cost.total_cny).where(cost.forecast_run_id == ids.get("cost", -1))
    )
    score = tables.score
    scores = connection.execute(
        select(score).where(score.c.forecast_run_id == ids["backtest"]).order_by(score.c.score_id)
    )
    return ForecastReport(
        identity,
        unchanged,
        ids,
        {kind: row.model for kind, row in runs.items()},
        (Decimal(sum(load)) / 10**6).quantize(Decimal("0.001")),
        (Decimal(sum(price)) / 96 / 1000).quantize(Decimal("0.001")) if price else None,
        {row.quantile: row.total_cny for row in totals},
        [
            Score(
                s.kind,
                s.delivery_on,
                s.metric,
                float(s.model_value),
                None if s.naive_value is None else float(s.naive_value),
                s.formula,
            )
            for s in scores
        ],
        list(runs["backtest"].model_params["notes"]),
    )


def _p50(connection: Connection, table: Table, run_id: int, series: str | None = None) -> list[int]:
    columns = [table.c[name] for name in tables.SLOT_COLUMNS]
    wanted = select(*columns).where(table.c.forecast_run_id == run_id, table.c.quantile == 50)
    if series is not None:
        wanted = wanted.where(table.c.price_series == series)
    row = connection.execute(wanted).first()
    return [int(value) for value in row] if row is not None else []

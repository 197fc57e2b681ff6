"""Scores a ``Computed`` against what is known at the run's gate: load, both prices, spread sign, cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from ml import asof, tables
from ml.asof import KnownCurves
from ml.cost import open_position
from ml.cost.open_position import DayCost
from ml.forecasting import metrics, scoring
from ml.forecasting.next_day import Computed, SeriesForecast, position
from ml.forecasting.scoring import Sample, Score


def evaluate(known: KnownCurves, done: Computed) -> list[Score]:
    """Every score of the backtest. Real-time price has plain metric names, day-ahead ``name@da_unified``."""
    found: list[Score] = []
    loads = known.block(asof.LOAD, known.days(asof.LOAD))
    peak = float(np.nanmax(loads)) if loads.size and not np.isnan(loads).all() else None
    found += _series(known, done, asof.LOAD, "load", "Wh per slot", peak)
    found += _series(known, done, asof.RT_PRICE, "price", "0.001 yuan/MWh", None)
    found += [
        replace(score, metric=f"{score.metric}@{asof.DA_PRICE}")
        for score in _series(known, done, asof.DA_PRICE, "price", "0.001 yuan/MWh", None)
    ]
    found += _sign(known, done)
    found += _cost(known, done)
    return found + scoring.beats_naive(found)


def _series(
    known: KnownCurves, done: Computed, series: str, kind: str, unit: str, capacity: float | None
) -> list[Score]:
    model, naive = done.model.get(series), done.naive.get(series)
    if model is None:
        return []
    days = _common(done.scored_days, model, naive)
    naive_past = naive.past if naive is not None else None
    found = []
    for day, window in [(None, days), *((one, [one]) for one in days)]:
        mine = scoring.sample(known, series, window, model.past)
        other = scoring.sample(known, series, window, naive_past) if naive_past is not None else None
        rows = scoring.scores(kind, day, mine, other, unit, capacity)
        found += rows if day is None else [row for row in rows if row.metric in {"wape", "mae", "bias"}]
    return found


def _common(days: Sequence[date], model: SeriesForecast, naive: SeriesForecast | None) -> list[date]:
    return [day for day in days if day in model.past and (naive is None or day in naive.past)]


def _sign(known: KnownCurves, done: Computed) -> list[Score]:
    """Sign accuracy of Prt − Pda over the slots where both prices are known."""
    both = (asof.RT_PRICE, asof.DA_PRICE)
    if any(series not in done.model or series not in done.naive for series in both):
        return []
    days = [
        day
        for day in done.scored_days
        if all(day in which[series].past for which in (done.model, done.naive) for series in both)
    ]
    if not days:
        return []
    truth = [known.block(series, days) for series in both]
    keep = ~np.isnan(truth[0] - truth[1])
    values = []
    for which in (done.model, done.naive):
        rt, da = (np.vstack([which[series].past[day].p50 for day in days])[keep] for series in both)
        try:
            values.append(round(metrics.sign_accuracy(rt, da, truth[0][keep], truth[1][keep]), 9))
        except ValueError:
            return []
    return [Score("price", None, "sign_accuracy", values[0], values[1], metrics.FORMULAS["sign_accuracy"])]


def _cost(known: KnownCurves, done: Computed) -> list[Score]:
    """Scores of the day totals in yuan; a day whose load or price is not wholly known is left out."""
    actual: dict[date, float] = {}
    for day in done.scored_days:
        load, price = known.usable(asof.LOAD, day), known.usable(asof.RT_PRICE, day)
        if day in done.cost_past and day in done.cost_naive and not np.isnan(load + price).any():
            mlt_wh, mlt_cost = position(known, day)
            exact = open_position.exact_cost(load, price, mlt_wh)
            actual[day] = float(open_position.total_cny(exact, mlt_cost))
    days = list(actual)
    mine, other = (_totals(days, actual, past) for past in (done.cost_past, done.cost_naive))
    return [
        replace(score, formula=f"{score.formula} (day totals)")
        for score in scoring.scores("cost", None, mine, other, "yuan", None)
    ]


def _totals(days: Sequence[date], actual: Mapping[date, float], past: Mapping[date, list[DayCost]]) -> Sample:
    totals = {
        quantile: np.array([float(past[day][row].total_cny) for day in days])
        for row, quantile in enumerate(tables.QUANTILES)
    }
    return Sample(np.array([actual[day] for day in days]), totals[10], totals[50], totals[90])

"""The whole computation on made-up curves: origins, bands, cost, fall-back, scores; nothing leaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from ml import asof
from ml.asof import Curve, CurveHistory, CurveVersion, KnownCurves
from ml.forecasting.backtest import Gates, tasks
from ml.forecasting.conformance import CHINA, synthetic_history, with_later_knowledge
from ml.forecasting.evaluate import evaluate
from ml.forecasting.naive import SameWeekdayNaive
from ml.forecasting.next_day import Computed, compute
from ml.forecasting.protocol import Forecaster, ForecastInputError

DELIVERY_ON = date(2026, 9, 11)
GATE_AT = datetime(2026, 9, 10, 12, 0, tzinfo=CHINA)


class Spy:
    """Mean of the last four same weekdays; records which cut it was given for which day."""

    name = "spy"
    series: tuple[str, ...] = (asof.LOAD, asof.RT_PRICE, asof.DA_PRICE)

    def __init__(self, least: int = 1) -> None:
        self.least = least
        self.fits: list[datetime] = []
        self.asked: list[tuple[datetime, date]] = []

    def params(self) -> dict[str, Any]:
        return {"least": self.least}

    def fit(self, known: KnownCurves, series: str) -> Spied:
        if len(known.days(series)) < self.least:
            raise ForecastInputError(f"{series}: too short")
        self.fits.append(known.available_at)
        return Spied(self, series)


class Spied:
    def __init__(self, owner: Spy, series: str) -> None:
        self.owner, self.series = owner, series

    def predict(self, known: KnownCurves, delivery_on: date) -> Curve:
        self.owner.asked.append((known.available_at, delivery_on))
        block = known.block(self.series, [delivery_on - timedelta(weeks=week) for week in range(1, 5)])
        if np.isnan(block).all(axis=0).any():
            raise ForecastInputError(f"{self.series}: nothing")
        return np.asarray(np.nanmean(block, axis=0))

    def notes(self) -> dict[str, Any]:
        return {}


def run(history: CurveHistory, model: Forecaster) -> Computed:
    wanted: Mapping[str, Forecaster] = dict.fromkeys((asof.LOAD, asof.RT_PRICE, asof.DA_PRICE), model)
    return compute(history, DELIVERY_ON, wanted, SameWeekdayNaive())


def test_compute__every_day_is_forecast_with_its_own_gate_and_refitted_weekly() -> None:
    spy = Spy()
    run(synthetic_history(days=100), spy)
    assert all(gate == datetime(d.year, d.month, d.day, 12, tzinfo=CHINA) - timedelta(days=1)
               for gate, d in spy.asked)  # fmt: skip
    assert len({day for _, day in spy.asked}) == 57
    assert len(set(spy.fits)) == 9


def test_compute__scores_the_28_days_before_the_day_of_the_gate() -> None:
    done = run(synthetic_history(days=100), Spy())
    assert (done.scored_days[0], done.scored_days[-1]) == (date(2026, 8, 13), date(2026, 9, 9))
    assert set(done.model[asof.LOAD].past) == set(done.scored_days)


def test_compute__a_correction_known_later_changes_no_earlier_forecast() -> None:
    history = synthetic_history(days=100)
    versions: dict[str, dict[date, list[CurveVersion]]] = {}
    for series, day, version in history:
        versions.setdefault(series, {}).setdefault(day, []).append(version)
    corrected = date(2026, 8, 20)
    told = datetime(2026, 9, 1, 8, 0, tzinfo=CHINA)
    for series in (asof.LOAD, asof.RT_PRICE):
        wrong = versions[series][corrected][0].values
        versions[series][corrected].append(CurveVersion(told, np.rint(wrong * 3)))
    first, second = run(history, Spy()), run(CurveHistory(history.available_at, versions), Spy())
    for series in (asof.LOAD, asof.RT_PRICE):
        for day in first.scored_days:
            before, after = (one.model[series].past[day].stack() for one in (first, second))
            gate = datetime(day.year, day.month, day.day, 12, tzinfo=CHINA) - timedelta(days=1)
            if gate < told:
                assert before.tobytes() == after.tobytes(), f"{series} of {day} saw a later correction"
        assert first.model[series].past[date(2026, 9, 3)].stack().tobytes() != (
            second.model[series].past[date(2026, 9, 3)].stack().tobytes()
        )
    for day in first.scored_days:
        if day <= date(2026, 9, 1):
            assert [c.total_cny for c in first.cost_past[day]] == [c.total_cny for c in second.cost_past[day]]


def test_compute__bands_are_monotone_and_scores_name_their_formula() -> None:
    history = synthetic_history(days=100, pattern="gaps")
    done = run(history, Spy())
    for forecast in done.model.values():
        for bands in [forecast.next_day, *forecast.past.values()]:
            assert (np.diff(bands.stack(), axis=0) >= 0).all()
    found = {(s.kind, s.metric): s for s in evaluate(history.as_of(GATE_AT), done) if s.delivery_on is None}
    for kind in ("load", "price", "cost"):
        assert found[kind, "wape"].naive_value is not None
        assert found[kind, "beats_naive"].model_value == 1.0
        assert 0.5 < found[kind, "coverage_p10_p90"].model_value <= 1
    assert "capacity = " in found["load", "accuracy_2"].formula
    assert 0 <= found["price", "sign_accuracy"].model_value <= 1
    assert found["load", "mape"].model_value == pytest.approx(0.018, abs=0.005)


def test_compute__the_naive_stands_in_for_a_model_that_refuses() -> None:
    done = run(synthetic_history(days=60), Spy(least=1000))
    assert done.model[asof.LOAD].model == "same_weekday_naive"
    assert any("too short" in note for note in done.notes)
    assert any("instead" in note for note in done.notes)


def test_compute__without_any_load_is_refused() -> None:
    with pytest.raises(ForecastInputError, match="load"):
        run(CurveHistory(GATE_AT, {asof.LOAD: {}}), Spy())


def test_compute__without_prices_still_forecasts_the_load() -> None:
    history = synthetic_history(days=60)
    only: dict[str, dict[date, list[CurveVersion]]] = {}
    for series, day, version in history:
        if series == asof.LOAD:
            only.setdefault(series, {})[day] = [version]
    done = run(CurveHistory(GATE_AT, only), Spy())
    assert set(done.model) == {asof.LOAD}
    assert done.cost == []
    assert any("no price forecast" in note for note in done.notes)
    assert {s.kind for s in evaluate(CurveHistory(GATE_AT, only).as_of(GATE_AT), done)} == {"load"}


def test_compute__later_knowledge_in_the_store_changes_nothing() -> None:
    history = synthetic_history(days=60)
    later = with_later_knowledge(history, GATE_AT)
    versions: dict[str, dict[date, list[CurveVersion]]] = {}
    for series, day, version in later:
        if version.known_at <= GATE_AT:
            versions.setdefault(series, {}).setdefault(day, []).append(version)
    again = CurveHistory(GATE_AT, versions)
    assert again.digest() == history.digest()
    one, two = run(history, Spy()), run(again, Spy())
    assert one.cost[1].total_cny == two.cost[1].total_cny


def test_tasks__counts_weeks_back_from_the_last_day() -> None:
    days = [date(2026, 9, 1) + timedelta(days=offset) for offset in range(10)]
    weeks = tasks(Spy(), asof.LOAD, days)
    assert [len(week.days) for week in weeks] == [3, 7]
    assert weeks[-1].days[-1] == days[-1]


def test_gates__are_as_far_before_every_day() -> None:
    gates = Gates(DELIVERY_ON, GATE_AT)
    assert gates.of(DELIVERY_ON) == GATE_AT
    assert gates.of(DELIVERY_ON - timedelta(days=3)) == GATE_AT - timedelta(days=3)

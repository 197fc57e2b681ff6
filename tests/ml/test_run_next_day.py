"""From marts to the schema ``forecast`` and back: integers, idempotence, nothing known later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import Engine, select, text

from ml import asof, tables
from ml.asof import CurveHistory
from ml.forecasting import ForecastInputError, Models, run_next_day
from ml.forecasting.conformance import CHINA, synthetic_history, with_later_knowledge
from ml.marts import read_history

WriteMarts = Callable[[Engine, CurveHistory], None]

pytestmark = pytest.mark.integration

DELIVERY_ON = date(2026, 9, 11)
GATE_AT = datetime(2026, 9, 10, 12, 0, tzinfo=CHINA)
NAIVE = Models(load="same_weekday_naive", price="same_weekday_naive")


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"select count(*) from forecast.{table}")).scalar_one())


def test_read_history__leaves_later_versions_in_the_database(engine: Engine, write_marts: WriteMarts) -> None:
    history = synthetic_history(days=30, pattern="gaps")
    write_marts(engine, with_later_knowledge(history, GATE_AT))
    found = read_history(engine, "shandong", DELIVERY_ON, GATE_AT)
    assert max(version.known_at for _, _, version in found) <= GATE_AT
    cut = found.as_of(GATE_AT)
    for series in (asof.LOAD, asof.RT_PRICE, asof.SYSTEM_LOAD_FORECAST):
        expected = history.as_of(GATE_AT)
        assert cut.days(series) == expected.days(series)
        days = cut.days(series)
        np.testing.assert_array_equal(cut.block(series, days), expected.block(series, days))


def test_run_next_day__second_run_writes_nothing(engine: Engine, write_marts: WriteMarts) -> None:
    write_marts(engine, synthetic_history(days=80))
    steps: list[tuple[int, int, str]] = []
    first = run_next_day(
        engine, "shandong", DELIVERY_ON, GATE_AT, lambda *step: steps.append(step), models=NAIVE
    )
    before = {table: count(engine, table) for table in ("run", "load_day", "price_day", "cost_day", "score")}
    second = run_next_day(engine, "shandong", DELIVERY_ON, GATE_AT, models=NAIVE)
    after = {table: count(engine, table) for table in before}
    assert (first.unchanged, second.unchanged) == (False, True)
    assert before == after
    assert second.run_ids == first.run_ids
    assert second.cost_cny == first.cost_cny
    assert second.scores == first.scores
    assert before["run"] == 4
    assert [done for done, _, _ in steps] == list(range(1, steps[-1][1] + 1))


def test_run_next_day__knowledge_after_the_gate_changes_nothing(
    engine: Engine, write_marts: WriteMarts
) -> None:
    history = synthetic_history(days=60)
    write_marts(engine, history)
    first = run_next_day(engine, "shandong", DELIVERY_ON, GATE_AT, models=NAIVE)
    late = [(s, d, v) for s, d, v in with_later_knowledge(history, GATE_AT) if v.known_at > GATE_AT]
    versions: dict[str, dict[date, list[asof.CurveVersion]]] = {}
    for series, day, version in late:
        versions.setdefault(series, {}).setdefault(day, []).append(version)
    write_marts(engine, CurveHistory(datetime(2030, 1, 1, tzinfo=CHINA), versions))
    assert run_next_day(engine, "shandong", DELIVERY_ON, GATE_AT, models=NAIVE).unchanged
    assert count(engine, "run") == len(first.run_ids)


def test_run_next_day__a_correction_known_before_the_gate_makes_a_new_run(
    engine: Engine, write_marts: WriteMarts
) -> None:
    history = synthetic_history(days=60)
    write_marts(engine, history)
    first = run_next_day(engine, "shandong", DELIVERY_ON, GATE_AT, models=NAIVE)
    day = date(2026, 9, 4)  # the naive's source for 11 September
    told = datetime(2026, 9, 9, 10, 0, tzinfo=CHINA)
    double = asof.CurveVersion(told, history.as_of(GATE_AT).usable(asof.LOAD, day) * 2)
    write_marts(engine, CurveHistory(told, {asof.LOAD: {day: [double]}}))
    second = run_next_day(engine, "shandong", DELIVERY_ON, GATE_AT, models=NAIVE)
    assert not second.unchanged
    assert second.energy_mwh == pytest.approx(first.energy_mwh * 2, abs=Decimal("0.001"))
    assert count(engine, "run") == 8


def test_run_next_day__prophet_writes_monotone_integers_with_scores(
    engine: Engine, write_marts: WriteMarts
) -> None:
    write_marts(engine, synthetic_history(days=75, pattern="gaps"))
    report = run_next_day(engine, "shandong", DELIVERY_ON, GATE_AT)
    assert report.models["load"] == "prophet_load"
    assert report.models["price"] == "prophet_price"
    with engine.connect() as connection:
        for table in (tables.load_day, tables.price_day, tables.cost_day):
            keys = [name for name in ("forecast_run_id", "delivery_on", "price_series") if name in table.c]
            rows = connection.execute(
                select(*(table.c[name] for name in [*keys, "quantile", *tables.SLOT_COLUMNS])).order_by(
                    *(table.c[name] for name in [*keys, "quantile"])
                )
            ).fetchall()
            width = len(keys)
            assert len(rows) % 3 == 0
            assert rows
            for low, mid, high in zip(rows[::3], rows[1::3], rows[2::3], strict=True):
                assert low[:width] == mid[:width] == high[:width]
                for p10, p50, p90 in zip(low[width + 1 :], mid[width + 1 :], high[width + 1 :], strict=True):
                    assert isinstance(p50, int)
                    assert p10 <= p50 <= p90
                    assert table is not tables.load_day or p10 >= 0
        params = connection.execute(
            select(tables.run.c.model_params).where(tables.run.c.forecast_run_id == report.run_ids["load"])
        ).scalar_one()
    assert params["fit"]["hours_dropped"] > 0
    assert params["fit"]["calendar"] in {"china", "weekday"}
    assert report.cost_cny[10] < report.cost_cny[50] < report.cost_cny[90]
    wape = report.score("load", "wape")
    assert wape is not None
    assert wape.naive_value is not None
    assert wape.model_value < wape.naive_value


def test_run_next_day__refuses_without_load_and_without_time_zone(
    engine: Engine, write_marts: WriteMarts
) -> None:
    write_marts(engine, synthetic_history(days=60))
    with pytest.raises(ForecastInputError, match="load"):
        run_next_day(engine, "anhui", DELIVERY_ON, GATE_AT, models=NAIVE)
    with pytest.raises(ValueError, match="time zone"):
        run_next_day(engine, "shandong", DELIVERY_ON, datetime(2026, 9, 10, 12), models=NAIVE)
    with pytest.raises(ForecastInputError, match="no forecaster 'oracle'"):
        run_next_day(engine, "shandong", DELIVERY_ON, GATE_AT, models=Models(load="oracle"))
    assert count(engine, "run") == 0

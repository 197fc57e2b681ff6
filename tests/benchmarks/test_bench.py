"""The bench on a tiny size: every engine answers alike, budgets can fail, the macros are dbt's."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from rich.console import Console

from benchmarks.curves import Curves
from benchmarks.report import SizeResult, growth, print_size, write_json
from benchmarks.suite import BUDGETS, LONG, OURS, PARQUET, AnswersDiffer, Measure, check_equal, run_size
from benchmarks.timing import alternate
from benchmarks.tou_sql import tou_columns
from ingestion.market_rules.vocabulary import TouPeriod


@pytest.fixture
def tiny() -> Curves:
    """Three points on the last days of August and the first of September: two TOU schedules."""
    wh = np.random.default_rng(7).integers(0, 2_000_000_000, size=(4, 3, 96), dtype=np.int32)
    return Curves(("A", "B", "C"), date(2026, 8, 30), wh)


@pytest.mark.integration
def test_run_size__all_engines_agree_and_every_measure_has_peers(
    engine: sa.Engine, tiny: Curves, tmp_path: Path
) -> None:
    measures = run_size(engine, tiny, tmp_path, repeats=2)
    assert [measure.name for measure in measures] == [
        "load a day from CSV",
        "load a day from arrays",
        "daily TOU, all points",
        "month-end from slots",
        "month-end from day rows",
        "disk with indexes",
    ]
    assert all(measure.ours > 0 and min(measure.peers.values()) > 0 for measure in measures)
    assert all(measure.passes(peer) is None for measure in measures for peer in measure.peers)
    with engine.connect() as connection:
        landed = connection.exec_driver_sql("select sum(p01::bigint) from landing.meter_day")
        files = int(tiny.wh[0, :, 0].sum()) * 3  # the three CSV files repeat the first day
        assert landed.scalar_one() == int(tiny.wh[:, :, 0].astype(np.int64).sum()) + files


def test_check_equal__one_unequal_integer_voids_the_run() -> None:
    with pytest.raises(AnswersDiffer, match="duckdb on parquet differs"):
        check_equal({OURS: [(date(2026, 9, 1), 5)], PARQUET: [(date(2026, 9, 1), 6)]})


def test_check_equal__missing_rows_void_the_run() -> None:
    with pytest.raises(AnswersDiffer, match="0 rows against 1"):
        check_equal({OURS: [(date(2026, 9, 1), 5)], PARQUET: []})


def _aggregate(ours: float) -> Measure:
    return Measure("daily TOU, all points", "s", ours, {PARQUET: 1.0, LONG: 2.0, "other": 0.1}, BUDGETS)


@pytest.mark.parametrize(
    ("ours", "failed"),
    [(1.3, []), (1.31, [PARQUET]), (2.5, [PARQUET, LONG])],
    ids=["keeps", "slower", "slowest"],
)
def test_size_result__names_the_budgets_that_failed(ours: float, failed: list[str]) -> None:
    texts = SizeResult(10_000, 30, [_aggregate(ours)]).failed
    assert len(texts) == len(failed)
    assert all(peer in text and "10,000 points" in text for peer, text in zip(failed, texts, strict=True))


def test_growth__is_the_exponent_of_the_two_largest_sizes() -> None:
    sizes = [SizeResult(n, 30, [_aggregate(s)]) for n, s in ((50_000, 5.0), (10, 4.0), (5_000, 0.5))]
    assert growth(sizes, "daily TOU, all points") == pytest.approx(1.0)
    assert growth(sizes[:1], "daily TOU, all points") is None


def test_print_size__shows_ratio_and_verdict() -> None:
    out = StringIO()
    print_size(Console(file=out, width=120), SizeResult(10_000, 30, [_aggregate(1.5)]))
    lines = out.getvalue().splitlines()
    (parquet,) = [line for line in lines if PARQUET in line]
    (long,) = [line for line in lines if LONG in line]
    assert "1.50" in parquet
    assert "FAIL" in parquet
    assert "0.75" in long
    assert "pass" in long


def test_write_json__keeps_what_was_printed(tmp_path: Path) -> None:
    path = tmp_path / "results" / "run.json"
    write_json(path, [SizeResult(10_000, 30, [_aggregate(1.5)])], {"cpus": "2"}, {"pricing": {"sizes": []}})
    content = json.loads(path.read_text())
    peer = content["sizes"][0]["measures"][0]["peers"][PARQUET]
    assert peer == {"value": 1.0, "ratio": 1.5, "budget": 1.3, "passes": False}


def test_alternate__peers_take_turns() -> None:
    calls: list[tuple[str, int]] = []
    actions = {name: lambda turn, name=name: calls.append((name, turn)) for name in ("a", "b")}
    assert set(alternate(actions, 2)) == {"a", "b"}
    assert calls == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_tou_columns__is_the_dbt_macro_with_one_arm_per_schedule() -> None:
    day: tuple[TouPeriod, ...] = ("peak",) * 48 + ("flat",) * 48
    night: tuple[TouPeriod, ...] = ("valley",) * 96
    text = " ".join(tou_columns({"x-day": day, "x-night": night}, "m", "d.schedule_id").split())
    assert text.count("when 'x-day' then") == text.count("when 'x-night' then") == 5
    peak = text.split(" end as peak_wh")[0].rsplit("case d.schedule_id", 1)[1]
    assert "m.p01" in peak
    assert "m.p48" in peak
    assert "m.p49" not in peak

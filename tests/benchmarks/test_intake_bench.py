"""The intake's benches on a tiny size; memory does not grow with the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
import sqlalchemy as sa

from benchmarks import landing_peer
from benchmarks.curves import Curves
from benchmarks.landing_peer import AnswersDiffer, Landing, copy_file, exponent, measure_landing
from benchmarks.memory import land_in_child, write_large

BOUND = 500_000_000
"""Bytes: half of what a delivery of 1 GB may take."""


def _curves(points: int) -> Curves:
    wh = np.random.default_rng(7).integers(0, 999_999, size=(1, points, 96), dtype=np.int32)
    return Curves(tuple(f"T{n:07d}" for n in range(points)), date(2026, 1, 1), wh)


@pytest.mark.integration
def test_measure_landing__door_and_peer_hold_the_same(engine: sa.Engine, tmp_path: Path) -> None:
    landed = measure_landing(engine, _curves(30), tmp_path, turns=2)
    assert min(landed.door, landed.suite, landed.peer) > 0
    assert landed.ratio < landed.ratio_with_suite


@pytest.mark.integration
def test_measure_landing__unequal_answers_void_the_run(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(pg: psycopg.Connection[Any], path: Path) -> None:
        copy_file(pg, path)
        copy_file(pg, path)

    monkeypatch.setattr(landing_peer, "copy_file", twice)
    with pytest.raises(AnswersDiffer):
        measure_landing(engine, _curves(3), tmp_path, turns=1)


def test_exponent__of_linear_and_quadratic_cost() -> None:
    linear = [Landing(n, 0, n * 1e-5, 0.0, 1.0) for n in (1_000, 10_000, 50_000)]
    assert exponent(linear) == pytest.approx(1.0)
    quadratic = [Landing(n, 0, n * n * 1e-9, 0.0, 1.0) for n in (1_000, 10_000, 50_000)]
    assert exponent(quadratic) == pytest.approx(2.0)


@pytest.mark.integration
def test_land__peak_memory_does_not_grow_with_the_file(engine: sa.Engine, tmp_path: Path) -> None:
    peaks = []
    # days of their own, so that neither file repeats what the other brought
    for size, first_on in ((50_000_000, date(2026, 1, 1)), (100_000_000, date(2027, 1, 1))):
        path = tmp_path / f"meter_day-{size}.csv"
        rows = write_large(path, _curves(5_000).day(0, first_on), size)
        landed = land_in_child(engine, path)
        path.unlink()
        engine.dispose()
        assert landed.landed == rows
        peaks.append(landed.peak)
    assert max(peaks) < BOUND
    assert peaks[1] - peaks[0] < 25_000_000, "half of what the file grew by would be its text alone"

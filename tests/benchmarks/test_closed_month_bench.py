"""The bench of a whole month-end on a tiny size: the books hold what was landed."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.closed_month import ClosedMonth, exponent, measure_closed_month
from benchmarks.curves import Curves
from orchestration.warehouse import Warehouse


@pytest.mark.integration
def test_measure_closed_month__books_what_was_landed(warehouse: Warehouse, tmp_path: Path) -> None:
    wh = np.random.default_rng(7).integers(0, 999_999, size=(30, 20, 96), dtype=np.int32)
    curves = Curves(tuple(f"T{n:07d}" for n in range(20)), date(2026, 9, 1), wh)
    measured = measure_closed_month(warehouse, curves, tmp_path, os.getpid())
    assert measured.lines > 20 * 5
    assert {"int_point_day_energy", "settlement_line", "settlement_statement_point"} <= measured.models.keys()
    assert measured.seconds > measured.closing > 0
    assert measured.peak > 0


def test_exponent__of_the_two_largest_sizes() -> None:
    sizes = [ClosedMonth(n, 0, {"a": n / 1000}, 0, 0) for n in (10_000, 100, 1_000)]
    assert exponent(sizes) == pytest.approx(1)

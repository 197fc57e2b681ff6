"""The bench of late corrections on a tiny size: both recomputes give the corrected totals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.curves import Curves
from benchmarks.recompute import LAST_MODEL, Recompute, measure_recompute
from orchestration.warehouse import Warehouse


@pytest.mark.integration
def test_measure_recompute__corrections_on_every_day_and_on_the_last(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    wh = np.random.default_rng(7).integers(0, 999_999, size=(3, 100, 96), dtype=np.int32)
    curves = Curves(tuple(f"T{n:07d}" for n in range(100)), date(2026, 9, 1), wh)
    measured = measure_recompute(warehouse, curves, tmp_path)
    assert measured.corrected == 3
    assert measured.full.keys() > measured.spread.keys() == measured.late.keys() == measured.arriving.keys()
    assert LAST_MODEL in measured.spread
    assert 0 < measured.late_ratio < 1
    assert 0 < measured.ratio < 1


@pytest.mark.parametrize(
    ("spread", "late", "passes"), [(0.5, 0.5, True), (0.51, 0.4, False), (0.4, 0.51, False)]
)
def test_recompute__either_kind_of_corrections_breaks_the_budget(
    spread: float, late: float, passes: bool
) -> None:
    measured = Recompute(10_000, 30, 3_000, {"m": 10.0}, {"m": 20.0}, {"m": spread}, {"m": late})
    assert measured.passes is passes

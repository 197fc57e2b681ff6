"""The catch-up: shape per day type, level of the last days, missing slots ignored."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from ml.forecasting.residuals import CatchUp, correction, weighted_mean

TARGET = date(2026, 9, 11)
DAYS = [TARGET - timedelta(days=back) for back in range(40, 1, -1)]
KINDS = ["sunday" if day.weekday() == 6 else "workday" for day in DAYS]


def test_weighted_mean__ignores_missing_values_and_gives_0_where_nothing_is_known() -> None:
    values = np.array([[1.0, np.nan, np.nan], [3.0, 5.0, np.nan]])
    assert weighted_mean(values, np.array([1.0, 3.0])).tolist() == [2.5, 5.0, 0.0]


def test_correction__learns_the_shape_of_its_own_day_type() -> None:
    shape = np.arange(96.0)
    residuals = np.array([shape if kind == "workday" else -shape for kind in KINDS])
    how = CatchUp(shape_half_life=14, level_half_life=1, level_share=1)
    assert correction(residuals, DAYS, KINDS, TARGET, "workday", how) == pytest.approx(shape)
    assert correction(residuals, DAYS, KINDS, TARGET, "sunday", how) == pytest.approx(-shape)


def test_correction__follows_a_recent_change_of_level_by_its_share() -> None:
    residuals = np.zeros((len(DAYS), 96))
    residuals[-3:] = 100.0
    slow = CatchUp(shape_half_life=1e9, level_half_life=0.1, level_share=0.0)
    quick = CatchUp(shape_half_life=1e9, level_half_life=0.1, level_share=0.5)
    base = correction(residuals, DAYS, KINDS, TARGET, "workday", slow)
    moved = correction(residuals, DAYS, KINDS, TARGET, "workday", quick)
    assert (base < 15).all()
    assert moved - base == pytest.approx((100 - base) / 2, rel=0.01)


def test_correction__is_zero_without_history_and_with_nothing_known() -> None:
    how = CatchUp(14, 1, 1)
    assert (correction(np.empty((0, 96)), [], [], TARGET, "workday", how) == 0).all()
    missing = np.full((len(DAYS), 96), np.nan)
    assert (correction(missing, DAYS, KINDS, TARGET, "workday", how) == 0).all()

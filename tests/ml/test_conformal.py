"""Quantile bands: monotone, never negative where told, and calibrated on exchangeable errors."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml import asof
from ml.forecasting import conformal
from ml.forecasting.conformal import Origin
from ml.forecasting.conformance import DELIVERY_ON, GATE_AT, synthetic_history


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.floats(0.0, 1e6), st.booleans())
def test_bands__are_monotone_and_not_negative(seed: int, days: int, level: float, relative: bool) -> None:
    random = np.random.default_rng(seed)
    point = random.normal(level, level + 1, 96)
    errors = random.normal(random.normal(), random.uniform(0.01, 5), (days, 96))
    errors[random.random((days, 96)) < 0.2] = np.nan
    band = conformal.bands(point, errors, relative, non_negative=True)
    assert (band.p10 <= band.p50).all()
    assert (band.p50 <= band.p90).all()
    assert (band.p10 >= 0).all()
    assert np.isfinite(band.stack()).all()


def test_bands__cover_four_fifths_of_new_days() -> None:
    random = np.random.default_rng(5)
    point = np.full(96, 100.0)
    covered = []
    for _ in range(200):
        errors = 10 * (random.standard_normal((31, 1)) + random.standard_normal((31, 96)))
        band = conformal.bands(point, errors[:30], relative=False, non_negative=False)
        actual = point + errors[30]
        covered.append(((band.p10 <= actual) & (actual <= band.p90)).mean())
    assert np.mean(covered) == pytest.approx(0.80, abs=0.035)


def test_bands__without_residuals_have_no_width() -> None:
    band = conformal.bands(np.full(96, 7.0), np.empty((0, 96)), relative=True, non_negative=True)
    assert (band.p10 == 7.0).all()
    assert (band.p90 == 7.0).all()
    assert band.residual_days == 0


def test_residuals__use_only_days_whose_actual_is_known_at_the_gate() -> None:
    known = synthetic_history().as_of(GATE_AT)
    origins = [Origin(DELIVERY_ON - timedelta(days=back), np.full(96, 3e6)) for back in (4, 3, 2, 1)]
    days, errors = conformal.residuals(known, asof.LOAD, origins, relative=True)
    assert days == [DELIVERY_ON - timedelta(days=back) for back in (4, 3, 2)]
    actual = known.usable(asof.LOAD, days[0])
    assert errors[0] == pytest.approx((actual - 3e6) / 3e6)

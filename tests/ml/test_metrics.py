"""The worked numbers of domain.md §9, and what each metric refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.forecasting import metrics

ACTUAL = np.array([100.0, 120.0, 80.0, 100.0])
FORECAST = np.array([95.0, 132.0, 84.0, 100.0])


def test_mape__worked_number_is_5_percent() -> None:
    assert metrics.mape(FORECAST, ACTUAL) == pytest.approx(0.05, abs=1e-12)


def test_wape__worked_number_is_5_25_percent() -> None:
    assert metrics.wape(FORECAST, ACTUAL) == pytest.approx(0.0525, abs=1e-12)


def test_accuracy_1__worked_number_is_93_88_percent() -> None:
    assert round(metrics.accuracy_1(FORECAST, ACTUAL), 4) == 0.9388


def test_accuracy_2__worked_number_is_95_47_percent_of_capacity_150() -> None:
    assert round(metrics.accuracy_2(FORECAST, ACTUAL, 150), 4) == 0.9547


def test_bias__worked_number_is_plus_2_75_percent() -> None:
    assert metrics.bias(FORECAST, ACTUAL) == pytest.approx(0.0275, abs=1e-12)


def test_mape__skips_actuals_near_zero() -> None:
    actual, forecast = np.array([0.0, 100.0]), np.array([50.0, 110.0])
    assert metrics.mape(forecast, actual) == pytest.approx(0.1)
    assert metrics.accuracy_1(forecast, actual) == pytest.approx(0.9)


def test_pinball__costs_nine_times_more_on_the_wrong_side() -> None:
    quantile = np.array([100.0])
    assert metrics.pinball(quantile, np.array([90.0]), 0.1) == pytest.approx(9.0)
    assert metrics.pinball(quantile, np.array([110.0]), 0.1) == pytest.approx(1.0)
    assert metrics.pinball(quantile, np.array([110.0]), 0.9) == pytest.approx(9.0)


def test_coverage__counts_the_bounds_as_inside() -> None:
    low, high, actual = np.zeros(4), np.ones(4), np.array([0.0, 1.0, 1.1, 0.5])
    assert metrics.coverage(low, high, actual) == 0.75


def test_sign_accuracy__skips_slots_without_a_spread() -> None:
    rt, da = np.array([10.0, 5.0, 7.0, 1.0]), np.array([5.0, 10.0, 7.0, 0.0])
    assert metrics.sign_accuracy(rt, da, np.array([2.0, 3.0, 9.0, 4.0]), np.array([1.0, 2.0, 8.0, 4.0])) == (
        pytest.approx(1 / 3)
    )


@pytest.mark.parametrize(
    "undefined",
    [
        lambda: metrics.wape(FORECAST, np.zeros(4)),
        lambda: metrics.mape(FORECAST, np.zeros(4)),
        lambda: metrics.bias(FORECAST, np.zeros(4)),
        lambda: metrics.accuracy_2(FORECAST, ACTUAL, 0),
        lambda: metrics.pinball(FORECAST, ACTUAL, 1.0),
        lambda: metrics.sign_accuracy(FORECAST, ACTUAL, ACTUAL, ACTUAL),
    ],
)
def test_metrics__an_undefined_value_is_an_error_not_a_number(undefined: object) -> None:
    assert callable(undefined)
    with pytest.raises(ValueError, match=r"undefined|must"):
        undefined()


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=20), st.floats(-0.5, 0.5))
def test_metrics__a_proportional_error_gives_that_share_everywhere(actual: list[float], share: float) -> None:
    truth = np.array(actual)
    forecast = truth * (1 + share)
    assert metrics.bias(forecast, truth) == pytest.approx(share, abs=1e-9)
    assert metrics.wape(forecast, truth) == pytest.approx(abs(share), abs=1e-9)
    assert metrics.mape(forecast, truth) == pytest.approx(abs(share), abs=1e-9)
    assert metrics.accuracy_1(forecast, truth) == pytest.approx(1 - abs(share), abs=1e-9)

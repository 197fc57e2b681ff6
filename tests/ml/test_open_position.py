"""Purchase cost by hand, in integers, and its joint scenarios."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from ml.cost import open_position
from ml.cost.open_position import exact_cost, simulate, total_cny

NO_ERRORS = np.empty((0, 96))


def test_simulate__worked_day_without_errors() -> None:
    # 96 slots of 1 MWh at 430 yuan/MWh, 0.8 MWh of them bought before at 410: 0.2 x 430 = 86 yuan a slot
    load, price, mlt = np.full(96, 1e6), np.full(96, 430_000.0), np.full(96, 8e5)
    cost = simulate(load, price, mlt, Decimal("31488.00"), NO_ERRORS, NO_ERRORS)
    assert [one.quantile for one in cost] == [10, 50, 90]
    for one in cost:
        assert one.slots.dtype == np.int64
        assert (one.slots == 860_000).all()
        assert one.total_cny == Decimal("39744.00")  # 96 x 86 + 31,488


def test_simulate__an_over_bought_slot_earns() -> None:
    cost = simulate(np.zeros(96), np.full(96, 430_000.0), np.full(96, 1e6), Decimal(0), NO_ERRORS, NO_ERRORS)
    assert (cost[1].slots == -4_300_000).all()
    assert cost[1].total_cny == Decimal("-41280.00")


def test_simulate__draws_load_and_price_errors_of_one_day_together() -> None:
    # high load always meets a high price here; drawn apart, the mixed cases would pull the band in
    sign = np.where(np.arange(20) % 2 == 0, 1.0, -1.0)[:, None] * np.ones(96)
    load, price, mlt = np.full(96, 1e6), np.full(96, 400_000.0), np.zeros(96)
    low, _, high = simulate(load, price, mlt, Decimal(0), sign * 1e5, sign * 1e5)
    assert low.total_cny == Decimal("25920.00")  # 96 x 0.9 MWh x 300
    assert high.total_cny == Decimal("52800.00")  # 96 x 1.1 MWh x 500


def test_simulate__is_monotone_and_repeatable() -> None:
    random = np.random.default_rng(3)
    load, price, mlt = random.uniform(1e6, 3e6, 96), random.normal(3e5, 2e5, 96), random.uniform(0, 3e6, 96)
    errors = random.normal(0, 2e5, (30, 96)), random.normal(0, 5e4, (30, 96))
    first, second = (simulate(load, price, mlt, Decimal("1.23"), *errors) for _ in range(2))
    assert [one.total_cny for one in first] == [one.total_cny for one in second]
    assert first[0].total_cny < first[1].total_cny < first[2].total_cny
    assert (first[0].slots <= first[1].slots).all()
    assert (first[1].slots <= first[2].slots).all()
    assert [one.total_cny for one in first] != [
        one.total_cny for one in simulate(load, price, mlt, Decimal("1.23"), errors[0][:5], errors[1][:5])
    ]


def test_simulate__a_load_never_goes_below_zero() -> None:
    errors = np.full((20, 96), -5e6)
    cost = simulate(np.full(96, 1e6), np.full(96, 4e5), np.zeros(96), Decimal(0), errors, np.zeros((20, 96)))
    assert cost[0].total_cny == Decimal("0.00")


def test_simulate__refuses_unpaired_residuals() -> None:
    with pytest.raises(ValueError, match="pair up"):
        simulate(np.ones(96), np.ones(96), np.ones(96), Decimal(0), np.ones((3, 96)), np.ones((2, 96)))


def test_total_cny__rounds_once_half_up() -> None:
    assert total_cny(np.array([4_999_999, 1]), Decimal(0)) == Decimal("0.01")
    assert total_cny(np.array([4_999_999]), Decimal(0)) == Decimal("0.00")
    exact = exact_cost(np.array([1.0]), np.array([-1.0]), np.array([0.0]))
    assert exact.tolist() == [-1]


def test_per_slot__rounds_half_away_from_zero() -> None:
    rounded = open_position._per_slot(np.array([49_999, 50_000, -50_000, -49_999]))
    assert rounded.tolist() == [0, 1, -1, 0]

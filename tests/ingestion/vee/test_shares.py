"""Whole-number shares: the worked numbers of domain §6, and their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.vee.shares import capped, half_up, largest_remainder, level, linear, residue_first

totals = st.integers(0, 10**15)


def test_residue_first__101_gives_26_25_25_25() -> None:
    assert residue_first(101, 4).tolist() == [26, 25, 25, 25]


def test_largest_remainder__20_kwh_by_2_3_5_gives_4_6_10() -> None:
    assert largest_remainder(20_000, np.array([2, 3, 5])).tolist() == [4_000, 6_000, 10_000]


def test_linear__one_missing_between_12_and_14_is_13() -> None:
    assert linear(12, 14, 1).tolist() == [13]
    assert linear(0, 10, 4).tolist() == [2, 4, 6, 8]
    assert linear(14, 12, 1).tolist() == [13]


def test_half_up__rounds_a_half_upwards() -> None:
    assert [half_up(n, 2) for n in (0, 1, 2, 3)] == [0, 1, 1, 2]


def test_capped__sub_above_main_becomes_main_and_the_rest_stays() -> None:
    main = np.full(96, 100)
    one = np.full((1, 96), 90)
    one[0, 5] = 130
    assert capped(one, main)[0].tolist() == [100 if slot == 5 else 90 for slot in range(96)]
    two = np.full((2, 96), 40)
    two[:, 7] = [90, 30]
    fixed = capped(two, main)
    assert fixed[:, 7].tolist() == [75, 25]
    assert (np.delete(fixed, 7, axis=1) == 40).all()


def test_level__one_kwh_each_in_order_by_tou_share() -> None:
    """5 kWh over peak 60 and valley 40 kWh: 3 and 2, to the first slots of each."""
    energy = np.array([20_000, 10_000, 20_000, 10_000, 20_000, 20_000])
    period = np.array([0, 1, 0, 1, 0, 1])
    assert (level(energy, period, 5) - energy).tolist() == [1000, 1000, 1000, 1000, 1000, 0]
    assert (level(energy, period, -3) - energy).tolist() == [-1000, -1000, -1000, 0, 0, 0]


def test_level__goes_round_again_and_refuses_what_is_not_there() -> None:
    energy = np.array([2_000, 500, 3_000])
    period = np.zeros(3, dtype=np.int64)
    assert level(energy, period, 7).tolist() == [5_000, 2_500, 5_000]
    assert level(energy, period, -4).tolist() == [0, 500, 1_000]
    with pytest.raises(ValueError, match="less than"):
        level(energy, period, -6)


@given(total=totals, weights=st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=96))
def test_largest_remainder__sums_to_the_total_and_stays_near_the_quota(
    total: int, weights: list[int]
) -> None:
    shares = largest_remainder(total, np.array(weights, dtype=np.int64))
    assert int(shares.sum()) == total
    assert (shares >= 0).all()
    if whole := sum(weights):
        assert all(abs(int(s) * whole - total * w) < whole for s, w in zip(shares, weights, strict=True))


@given(
    energy=st.lists(st.integers(0, 50_000), min_size=2, max_size=60),
    difference=st.integers(-40, 200),
    periods=st.integers(1, 5),
)
def test_level__moves_exactly_the_difference(energy: list[int], difference: int, periods: int) -> None:
    slots = np.array(energy, dtype=np.int64)
    period = np.arange(len(slots)) % periods
    if difference < 0 and int((slots // 1000).sum()) < -difference:
        with pytest.raises(ValueError, match="less than"):
            level(slots, period, difference)
        return
    levelled = level(slots, period, difference)
    assert int(levelled.sum() - slots.sum()) == 1000 * difference
    assert (levelled >= 0).all()


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=5))
def test_capped__never_exceeds_the_main_point(pairs: list[tuple[int, int]]) -> None:
    subs = np.array([[a, b] for a, b in pairs], dtype=np.int64)
    main = np.array([500_000, 0])
    fixed = capped(subs, main)
    assert (fixed.sum(axis=0) == np.minimum(subs.sum(axis=0), main)).all()

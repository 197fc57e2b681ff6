"""Exactness: units, splits, sums and rounding never lose a watt-hour."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.formats.units import Rounding, scale_of, to_slots


@pytest.mark.parametrize(
    ("unit", "points", "count", "wh"),
    [
        ("kWh", 96, 1, 1),
        ("MWh", 96, 1, 1_000),
        ("万kWh", 96, 1, 10_000),
        ("Wh", 96, 1_000, 1),
        ("kW", 96, 4, 1),
        ("MW", 24, 1, 1_000),
    ],
)
def test_scale_of__counts_of_thousandths(unit: str, points: int, count: int, wh: int) -> None:
    scale = scale_of(unit, points, Fraction(1), 3)
    assert Fraction(count * scale.numerator, scale.scale) == wh


def test_scale_of__current_and_voltage_ratio_of_the_domain_example() -> None:
    # domain §6: 4.50 × 100 × 30 = 13,500 kWh
    scale = scale_of("kWh", 96, Fraction(30) * Fraction(100), 2)
    assert Fraction(450 * scale.numerator, scale.scale) == 13_500_000


def test_scale_of__finer_than_a_microwatt_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="finer"):
        scale_of("Wh", 96, Fraction(1, 1000), 6)


def _day(
    values: list[int],
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    amounts = np.array([values], dtype=np.int64)
    return amounts, amounts < 0


@pytest.mark.parametrize(
    ("value", "decimals", "first"),
    [(101, 3, [26, 25, 25, 25]), (101_000, 0, [26_000, 25_000, 25_000, 25_000]), (3, 3, [3, 0, 0, 0])],
)
def test_to_slots__an_hour_splits_equally_and_the_residue_goes_first(
    value: int, decimals: int, first: list[int]
) -> None:
    amounts, missing = _day([value] + [-1] * 23)
    wh, empty = to_slots(amounts, missing, 1, "exact", decimals)
    assert wh[0, :4].tolist() == first
    assert empty[0].tolist() == [False] * 4 + [True] * 92


def test_to_slots__half_hours_split_in_two() -> None:
    wh, _ = to_slots(*_day([219] * 48), 1, "exact", 3)
    assert wh[0].tolist() == [110, 109] * 48


def test_to_slots__five_minutes_add_up_and_one_missing_makes_its_slot_missing() -> None:
    wh, empty = to_slots(*_day([1, 2, 3, 4, -1, 6] + [0] * 282), 1, "exact", 3)
    assert wh[0, :2].tolist() == [6, 0]
    assert empty[0, :3].tolist() == [False, True, False]


@given(
    st.sampled_from([24, 48, 96, 288]),
    st.sampled_from([1, 4, 1000]),
    st.sampled_from(["exact", "carry"]),
    st.integers(0, 3),
    st.data(),
)
def test_to_slots__the_day_keeps_its_sum(
    points: int, scale: int, rounding: Rounding, decimals: int, data: st.DataObject
) -> None:
    values = data.draw(st.lists(st.integers(0, 10**9), min_size=points, max_size=points))
    if rounding == "exact":
        values = [value * scale for value in values]
    wh, empty = to_slots(*_day(values), scale, rounding, decimals)
    assert not empty.any()
    assert (wh >= 0).all()
    assert abs(Fraction(int(wh.sum())) - Fraction(sum(values), scale)) <= Fraction(1, 2)

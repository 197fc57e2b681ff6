"""The 96-slot grid: every partition of the day survives, every hole and overlap is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.market_rules.tou import (
    SLOTS_PER_DAY,
    Grid,
    GridError,
    clock,
    grid_of,
    overlaid,
    periods_of,
    slots_of,
)
from ingestion.market_rules.vocabulary import TOU_PERIODS

grids = st.lists(st.sampled_from(TOU_PERIODS), min_size=SLOTS_PER_DAY, max_size=SLOTS_PER_DAY).map(tuple)
slots = st.integers(min_value=1, max_value=SLOTS_PER_DAY)


@given(grids)
def test_grid__any_partition_round_trips(grid: Grid) -> None:
    assert grid_of(periods_of(grid)) == grid


def _slot_ranges(grid: Grid) -> dict[str, list[str]]:
    """One range per slot, so that a single slot can be taken out or given twice."""
    ranges: dict[str, list[str]] = {period: [] for period in TOU_PERIODS}
    for slot, period in enumerate(grid, start=1):
        ranges[period].append(f"{clock(slot - 1)}-{clock(slot)}")
    return ranges


@given(grids, slots)
def test_grid__any_hole_is_refused_and_named(grid: Grid, slot: int) -> None:
    text = f"{clock(slot - 1)}-{clock(slot)}"
    ranges = _slot_ranges(grid)
    ranges[grid[slot - 1]].remove(text)
    with pytest.raises(GridError) as refusal:
        grid_of(ranges)  # type: ignore[arg-type]  # hypothesis gives plain strings
    assert refusal.value.problems == (f"{text} has no period",)


@given(grids, slots, st.sampled_from(TOU_PERIODS))
def test_grid__any_overlap_is_refused_and_named(grid: Grid, slot: int, other: str) -> None:
    text = f"{clock(slot - 1)}-{clock(slot)}"
    ranges = _slot_ranges(grid)
    ranges[other].append(text)
    with pytest.raises(GridError) as refusal:
        grid_of(ranges)  # type: ignore[arg-type]  # hypothesis gives plain strings
    (problem,) = refusal.value.problems
    assert problem.startswith(f"{text} is claimed by ")
    assert other in problem
    assert grid[slot - 1] in problem


@given(st.integers(0, SLOTS_PER_DAY - 1), st.integers(1, SLOTS_PER_DAY))
def test_slots__clock_range_covers_its_slots(start: int, length: int) -> None:
    end = min(start + length, SLOTS_PER_DAY)
    assert list(slots_of(f"{clock(start)}-{clock(end)}")) == list(range(start + 1, end + 1))


def test_slots__half_hour_is_two_slots() -> None:
    assert list(slots_of("11:30-12:00")) == [47, 48]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10-12", "not a range like"),
        ("9:00-10:00", "not a range like"),
        ("10:00-10:20", "15-minute grid"),
        ("22:00-06:00", "split it at midnight"),
        ("10:00-10:00", "ends before it starts"),
        ("23:00-24:15", "after 24:00"),
    ],
)
def test_slots__unclear_range_is_refused(text: str, says: str) -> None:
    with pytest.raises(GridError, match=says):
        slots_of(text)


def test_grid__all_problems_come_at_once() -> None:
    with pytest.raises(GridError) as refusal:
        grid_of({"flat": ["00:00-10:00", "11:00-24:00"], "peak": ["12:00-13:00", "noon"]})
    assert refusal.value.problems == (
        "peak: 'noon' is not a range like 10:00-11:30 (two digits, 00:00 to 24:00)",
        "10:00-11:00 has no period",
        "12:00-13:00 is claimed by flat and peak",
    )


def test_overlaid__only_the_named_ranges_change() -> None:
    before = grid_of({"valley": ["00:00-12:00"], "flat": ["12:00-24:00"]})
    after = overlaid(before, {"sharp": ["11:30-12:30"]})
    assert [slot for slot in range(1, 97) if after[slot - 1] != before[slot - 1]] == [47, 48, 49, 50]
    assert set(after[46:50]) == {"sharp"}


def test_overlaid__two_claims_on_one_quarter_hour_are_refused() -> None:
    with pytest.raises(GridError, match="11:00-12:00 is claimed by sharp and deep_valley"):
        overlaid(("flat",) * 96, {"sharp": ["11:00-12:00"], "deep_valley": ["10:00-12:00"]})

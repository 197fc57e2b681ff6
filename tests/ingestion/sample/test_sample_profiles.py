"""Daylight saving, re-dating and blending of the real shapes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from ingestion.sample.config import DAYS, FIRST_ON, SLOTS
from ingestion.sample.fetch import LOAD_PROFILES
from ingestion.sample.profiles import ESTIMATED_ON, REDATE, Ints, Profiles, redate, repair_dst

SPRING, AUTUMN = date(2016, 3, 27), date(2016, 10, 30)


def local_stamps(first: date, last: date) -> list[datetime]:
    """Quarter hours as SimBench prints them: no 02:xx in spring, 02:xx twice in autumn."""
    stamps = []
    day = first
    while day <= last:
        for slot in range(SLOTS):
            if day == SPRING and 8 <= slot < 12:
                continue
            stamps.append(datetime(day.year, day.month, day.day, slot // 4, slot % 4 * 15))
            if day == AUTUMN and slot == 11:
                stamps.extend(stamps[-4:])
        day += timedelta(days=1)
    return stamps


def series(stamps: list[datetime]) -> pd.Series:
    return pd.Series([f"{s:%d.%m.%Y %H:%M}" for s in stamps])


def test_repair_dst__spring_hour_lies_on_the_line_between_its_neighbours() -> None:
    stamps = local_stamps(SPRING - timedelta(days=1), SPRING)
    values: Ints = np.array([[1000 if s.hour < 2 or s.date() != SPRING else 2000] for s in stamps])
    days, repaired = repair_dst(series(stamps), values)
    assert days == [SPRING - timedelta(days=1), SPRING]
    assert repaired[1, 7:13, 0].tolist() == [1000, 1200, 1400, 1600, 1800, 2000]


def test_repair_dst__autumn_hour_is_the_mean_of_its_two_passes() -> None:
    stamps = local_stamps(AUTUMN, AUTUMN)
    assert len(stamps) == 100
    values: Ints = np.zeros((100, 1), dtype=np.int64)
    values[8:12, 0] = [10, 20, 30, 40]
    values[12:16, 0] = [20, 40, 60, 80]
    _, repaired = repair_dst(series(stamps), values)
    assert repaired.shape == (1, SLOTS, 1)
    assert repaired[0, 8:12, 0].tolist() == [15, 30, 45, 60]
    assert repaired.sum() == 150


def test_repair_dst__refuses_a_gap_that_is_no_time_change() -> None:
    stamps = [s for s in local_stamps(AUTUMN, AUTUMN) if s.hour != 17]
    with pytest.raises(ValueError, match=r"2016-10-30: slots .*69, 70, 71, 72"):
        repair_dst(series(stamps), np.zeros((len(stamps), 1), dtype=np.int64))


def test_redate__a_year_of_96_slots_keeps_every_weekday() -> None:
    stamps = local_stamps(date(2016, 1, 1), date(2016, 12, 31))
    assert len(stamps) == 35_136
    ordinal: Ints = np.array([[s.date().toordinal()] for s in stamps])
    days, repaired = repair_dst(series(stamps), ordinal)
    moved = redate(days, repaired)
    assert moved.shape == (DAYS, SLOTS, 1)
    for index in range(1, DAYS):
        now, then = FIRST_ON + timedelta(days=index), date.fromordinal(int(moved[index, 0, 0]))
        assert now - then == REDATE
        assert now.weekday() == then.weekday()


def test_redate__first_of_january_repeats_the_real_new_years_day() -> None:
    days = [date(2016, 1, 1) + timedelta(days=i) for i in range(366)]
    values = np.arange(366, dtype=np.int64)[:, None, None] * np.ones((1, SLOTS, 1), dtype=np.int64)
    moved = redate(days, values)
    assert FIRST_ON == ESTIMATED_ON
    assert moved[0, 0, 0] == moved[1, 0, 0] == 0
    assert days[int(moved[-1, 0, 0])] == date(2016, 12, 29)  # on 2026-12-31; the two days after are dropped


def test_redate__refuses_another_year() -> None:
    days = [date(2015, 1, 1) + timedelta(days=i) for i in range(365)]
    with pytest.raises(ValueError, match="after re-dating"):
        redate(days, np.zeros((365, SLOTS, 1), dtype=np.int64))


def test_blend__weights_are_shares_of_energy(profiles: Profiles) -> None:
    mixed = profiles.blend({"G0-A": 25, "BL-H": 75})
    alone = profiles.blend({"G0-A": 25})
    assert int(alone.sum()) / int(mixed.sum()) == pytest.approx(0.25, abs=1e-6)


def test_load_profiles__are_the_43_of_the_data_set() -> None:
    assert len(set(LOAD_PROFILES)) == 43

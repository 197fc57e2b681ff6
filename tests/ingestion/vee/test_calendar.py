"""Day types and reference days of domain §6."""

from __future__ import annotations

from datetime import date

import ingestion.vee.calendar
import ml.forecasting.calendar
from ingestion.vee.calendar import Calendar, Holiday, china


def _first(day: date) -> list[date]:
    return next(days for _, days in china().reference_days(day, 4))


def test_day_type__knows_holidays_and_worked_weekends() -> None:
    calendar = china()
    assert calendar.day_type(date(2026, 11, 6)) == "workday"
    assert calendar.day_type(date(2026, 11, 7)) == "weekend"
    assert calendar.day_type(date(2026, 10, 10)) == "workday"  # a worked Saturday
    assert calendar.day_type(date(2026, 9, 26)) == "short_holiday"
    assert calendar.day_type(date(2026, 10, 2)) == "long_holiday"


def test_reference_days__workday_takes_last_weeks_workdays() -> None:
    assert _first(date(2026, 11, 12)) == [date(2026, 11, day) for day in range(2, 7)]


def test_reference_days__weekend_takes_last_weekend() -> None:
    assert _first(date(2026, 11, 8)) == [date(2026, 10, 31), date(2026, 11, 1)]


def test_reference_days__short_holiday_takes_the_last_three_short_ones() -> None:
    assert [day.month for day in _first(date(2026, 9, 25))] == [1, 1, 1, 4, 4, 4, 6, 6, 6]


def test_reference_days__long_holiday_takes_the_same_one_last_year() -> None:
    past = Holiday("National Day", date(2025, 10, 1), date(2025, 10, 8))
    calendar = Calendar((past, Holiday("National Day", date(2026, 10, 1), date(2026, 10, 7))))
    groups = list(calendar.reference_days(date(2026, 10, 2), 4))
    assert groups == [("the same holiday last year", past.days), ("yesterday", [date(2026, 10, 1)])]


def test_calendars__are_those_of_the_forecasts() -> None:
    """The rooms do not import each other, so the file is there twice; it must not drift apart."""
    ours, theirs = ingestion.vee.calendar.FOLDER, ml.forecasting.calendar.FOLDER
    names = sorted(path.name for path in theirs.glob("cn_*.yml"))
    assert sorted(path.name for path in ours.glob("cn_*.yml")) == names
    for name in names:
        assert (ours / name).read_bytes() == (theirs / name).read_bytes()

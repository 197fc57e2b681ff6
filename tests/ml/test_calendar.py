"""Chinese holidays as data, and the evidence that decides whether they apply."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from ml.asof import Curve
from ml.forecasting.calendar import PLAIN, SATURDAY, SUNDAY, WORKDAY, Calendar, china, choose_calendar

DAYS = [date(2026, 8, 25) + timedelta(days=offset) for offset in range(60)]


def curves_by(calendar: Calendar) -> Curve:
    level = {WORKDAY: 100.0, SATURDAY: 60.0, SUNDAY: 40.0}
    return np.array([np.full(96, level[calendar.day_type(day)]) for day in DAYS])


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 2, 14), WORKDAY),  # a Saturday worked for Spring Festival
        (date(2026, 2, 17), SUNDAY),  # Spring Festival, a Tuesday
        (date(2026, 2, 23), SUNDAY),
        (date(2026, 2, 24), WORKDAY),
        (date(2026, 9, 20), WORKDAY),  # a Sunday worked for National Day
        (date(2026, 10, 7), SUNDAY),
        (date(2026, 10, 8), WORKDAY),
        (date(2026, 10, 10), WORKDAY),
        (date(2026, 10, 17), SATURDAY),
        (date(2026, 11, 13), WORKDAY),
    ],
)
def test_china__day_types_of_2026(day: date, kind: str) -> None:
    assert china().day_type(day) == kind


def test_china__2026_has_33_days_off_and_6_worked_weekend_days() -> None:
    assert len([day for day in china().holidays if day.year == 2026]) == 33
    worked = [day for day in china().adjusted_workdays if day.year == 2026]
    assert len(worked) == 6
    assert all(day.weekday() >= 5 for day in worked)
    assert sum(group == "spring_festival" for group in china().holidays.values()) == 9


def test_choose_calendar__applies_where_the_load_keeps_the_holidays() -> None:
    choice = choose_calendar(china(), DAYS, curves_by(china()))
    assert choice.calendar is china()
    assert "follow the calendar" in choice.reason


def test_choose_calendar__does_not_apply_where_holidays_are_ordinary_days() -> None:
    choice = choose_calendar(china(), DAYS, curves_by(PLAIN))
    assert choice.calendar is PLAIN
    assert "look like ordinary weekdays" in choice.reason


def test_choose_calendar__stands_when_no_moved_day_was_seen() -> None:
    ordinary = [date(2026, 7, 6) + timedelta(days=offset) for offset in range(21)]
    assert choose_calendar(china(), ordinary, np.ones((21, 96))).calendar is china()
    assert choose_calendar(china(), [], np.empty((0, 96))).calendar is china()


def test_choose_calendar__ignores_days_with_missing_slots() -> None:
    curves = curves_by(china())
    for row, day in enumerate(DAYS):
        if china().moved(day):
            curves[row] = 100.0 if PLAIN.day_type(day) == WORKDAY else 40.0
            curves[row, 5] = np.nan
    assert "no holiday" in choose_calendar(china(), DAYS, curves).reason

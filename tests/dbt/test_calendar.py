"""The calendar of the SQL is the one of the forecasts."""

from __future__ import annotations

import csv
from datetime import date

from ml.forecasting.calendar import china
from orchestration.transform import PROJECT


def test_calendar_exception__equals_the_forecasters_calendar() -> None:
    text = (
        (PROJECT / "seeds/reference/energy/calendar_exception.csv").read_text(encoding="utf-8").splitlines()
    )
    rows = {date.fromisoformat(row["delivery_on"]): row["day_type"] for row in csv.DictReader(text)}
    assert {day for day, kind in rows.items() if kind == "holiday"} == set(china().holidays)
    assert {day for day, kind in rows.items() if kind == "workday"} == set(china().adjusted_workdays)

"""The sample's fixed calendar, place and seeds. Nothing here reads a clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

LOCK = Path(__file__).resolve().parents[2] / "requirements" / "sample.lock"
"""Pins the wheel that holds the real profiles, with its hash."""

PACKAGES = Path(__file__).with_name("packages")
"""Package files that the contracts follow."""

PROVINCE = "shandong"
CHINA = timezone(timedelta(hours=8), "UTC+08:00")
"""Delivery time of every Chinese province: UTC+8, no daylight saving."""

BUSINESS_ON = date(2026, 11, 12)
CUT_AT = datetime(2026, 11, 12, 12, 0, tzinfo=CHINA)
"""Only deliveries known by this instant are written: it is also the gate of the next delivery day."""

FIRST_ON = date(2026, 1, 1)
LAST_ON = date(2026, 12, 31)
DAYS = (LAST_ON - FIRST_ON).days + 1
PRIOR_ON = date(2025, 11, 1)
"""First day of the history before the sample's year: two months of a small book, delivered by the month."""
PROVINCES = (PROVINCE, "anhui")
SETTLED_MONTHS = ("2025-11", "2025-12", *(f"2026-{month:02d}" for month in range(1, 11)))
CLOSED_MONTHS = SETTLED_MONTHS[:-1]
EXPORTED_MONTHS = SETTLED_MONTHS[-2:]
CLOSED_BY = "Zhou Min"
"""The made-up settlement clerk who closes months and books corrections."""
CORRECTED_MONTH = "2026-08"
LATE_AT = datetime(2026, 11, 12, 15, 0, tzinfo=CHINA)
"""After the cut, and after the months were closed, the grid company corrects a day of that month."""
NEXT_DELIVERY_ON = date(2026, 11, 13)

DAILY_MARKET_FROM = date(2026, 6, 1)
"""Market and system files are daily from here (back-tests read their known_at); before it, one history file
a month.
"""

SLOTS = 96
HOURS = 24
SEED = 20261113
"""Of five seeds tried, the one whose settled months end with a small margin in both."""

SOURCE_GRID = "grid_company"
SOURCE_CENTRE = "trading_centre"
SOURCE_CRM = "retailer_crm"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give the instant `hour:minute` of `day` in UTC+8."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def day_of(index: int) -> date:
    """Give the day with this 0-based index of the sample year."""
    return FIRST_ON + timedelta(days=index)


def index_of(day: date) -> int:
    """Give the 0-based index of a day of the sample year."""
    return (day - FIRST_ON).days


def month_days(month: int) -> range:
    """Give the day indexes of one month (1…12) of 2026."""
    first = date(2026, month, 1)
    after = date(2027, 1, 1) if month == 12 else date(2026, month + 1, 1)
    return range(index_of(first), index_of(after))


def slot_names() -> list[str]:
    """Give p01 … p96."""
    return [f"p{slot:02d}" for slot in range(1, SLOTS + 1)]


def hour_names() -> list[str]:
    """Give h01 … h24."""
    return [f"h{hour:02d}" for hour in range(1, HOURS + 1)]

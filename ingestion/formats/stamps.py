"""Time stamps of a source to (day, minute of the day), each distinct text parsed once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ingestion.feeds.columns import CellError

_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?", re.ASCII
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_EXCEL_ZERO = date(1899, 12, 30)  # day 60 is Excel's 1900-02-29, so later days count from here
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?", re.ASCII)


@dataclass(frozen=True)
class Stamp:
    """A day (proleptic ordinal) and a minute, 0 … 1440; 1440 only where the text itself says 24:00."""

    day: int
    minute: int


def parse_stamp(text: str, pattern: str) -> Stamp:
    """Stamp of one text; CellError when it does not follow ``pattern`` (iso, excel_serial or strptime).

    >>> parse_stamp("2026-09-30 24:00", "iso").minute, parse_stamp("45000.0104166667", "excel_serial").minute
    (1440, 15)
    """
    if pattern == "excel_serial":
        # a cell that Excel keeps as a date, not as a bare number, is read as the date it shows
        return _iso(text) if _ISO.fullmatch(text) else _serial(text)
    if pattern == "iso":
        return _iso(text)
    try:
        moment = datetime.strptime(text, pattern)
    except ValueError:
        return _end_of_day(text, pattern)
    return _stamp(moment.date(), moment.hour, moment.minute, moment.second + moment.microsecond)


def parse_clock(text: str) -> int | None:
    """Minutes of a header such as 00:15 or 24:00; None when it is not a time of day.

    >>> parse_clock("00:15"), parse_clock("24:00"), parse_clock("p01")
    (15, 1440, None)
    """
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        return None
    minutes = int(match.group(1)) * 60 + int(match.group(2))
    return minutes if int(match.group(2)) < 60 and minutes <= 1440 else None


def _iso(text: str) -> Stamp:
    """2026-09-30, 2026/9/30 0:15, 2026-09-30 24:00."""
    match = _ISO.fullmatch(text)
    if not match:
        raise _unparsable("iso, e.g. 2026-09-30 00:15")
    year, month, day, *clock = (int(part or 0) for part in match.groups())
    try:
        return _stamp(date(year, month, day), *clock)
    except ValueError:
        raise _unparsable("a day of the calendar") from None


def _serial(text: str) -> Stamp:
    """Days since 1899-12-30 as Excel stores them; a minute is 1/1440 and stored inexactly."""
    if not _SERIAL.fullmatch(text):
        raise _unparsable("an Excel serial date, e.g. 45000.0104166667")
    minutes = Decimal(text) * 1440
    whole = round(minutes)
    if abs(minutes - whole) > Decimal("0.02"):
        raise _off_grid()
    return _stamp(_EXCEL_ZERO + timedelta(days=whole // 1440), *divmod(whole % 1440, 60), 0)


def _end_of_day(text: str, pattern: str) -> Stamp:
    """A stamp that says 24:00, which strptime does not know."""
    if text.count("24:00") == 1:
        try:
            moment = datetime.strptime(text.replace("24:00", "00:00"), pattern)
        except ValueError:
            moment = None
        if moment is not None and not (moment.hour or moment.minute or moment.second):
            return _stamp(moment.date(), 24, 0, 0)
    raise _unparsable(pattern)


def _stamp(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> Stamp:
    """Checked stamp."""
    if not 2000 <= day.year <= 2099:
        raise CellError(
            "OUT_OF_RANGE", "is outside the years 2000 to 2099", "check the profile's time.format"
        )
    if second:
        raise _off_grid()
    total = hour * 60 + minute
    if minute > 59 or total > 1440:
        raise _unparsable("a time of day")
    return Stamp(day.toordinal(), total)


def _unparsable(wanted: str) -> CellError:
    return CellError("UNPARSABLE_DATE", f"is not {wanted}", "correct the cell, or time.format in the profile")


def _off_grid() -> CellError:
    return CellError("OFF_GRID", "is not on a whole minute", "deliver stamps on the interval's boundary")

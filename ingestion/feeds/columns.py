"""Column types of a feed: what one cell may hold, and the value that lands.

``parse`` takes one cell's stripped, non-blank text and returns the value, or raises ``CellError`` with a
reason code, what is wrong, and the remedy. Blank cells are the caller's business (``required``, ``default``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, ClassVar

from sqlalchemy import Date, DateTime, Integer, Numeric, Text
from sqlalchemy.types import TypeEngine

Value = str | int | date | datetime

CHINA = timezone(timedelta(hours=8))
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})( 00:00(:00)?)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})([-/]0?1)?", re.ASCII)
# half a surrogate pair (a damaged workbook has them) can neither be stored nor shown
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_SHOWN = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_EXCEL_ZERO = datetime(1899, 12, 30)  # day 60 is Excel's 1900-02-29, so later days count from here
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)


class CellError(ValueError):
    """A cell that cannot land: ``code`` for machines, ``problem`` and ``remedy`` for people."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        """Keep the three parts; the caller adds file, line, field and value."""
        super().__init__(f"{problem}. Remedy: {remedy}")
        self.code, self.problem, self.remedy = code, problem, remedy


def parse_decimal(text: str) -> Decimal:
    """Plain decimal notation only: no thousands separators, no exponents, no units.

    >>> parse_decimal("-3.20")
    Decimal('-3.20')
    """
    if not _NUMBER.fullmatch(text):
        raise CellError(
            "UNPARSABLE_NUMBER",
            "is not a number",
            "write digits with a decimal point, without separators, spaces or unit, e.g. 1234.5",
        )
    return Decimal(text)


def check_range(number: Decimal, low: Decimal | None, high: Decimal | None, unit: str) -> None:
    """Refuse a number outside [low, high]; a negative one where none is possible has its own code."""
    if low is not None and number < low:
        if low == 0:
            raise CellError("NEGATIVE_VALUE", "is negative", f"deliver 0 or more {unit}".rstrip())
        raise CellError("OUT_OF_RANGE", f"is below {low}", f"deliver at least {low} {unit}".rstrip())
    if high is not None and number > high:
        raise CellError("OUT_OF_RANGE", f"is above {high}", f"check the unit; at most {high} {unit}".rstrip())


def check_decimals(number: Decimal, scale: int) -> None:
    """Refuse more than ``scale`` decimals. Check the range first: rounding works in 28 digits only.

    >>> check_decimals(Decimal("1.50"), 1)
    """
    if number != round(number, scale):
        problem = f"has more than {scale} decimals"
        raise CellError("TOO_MANY_DECIMALS", problem, f"round it to {scale} decimals")


@dataclass(frozen=True)
class FileColumn:
    """One column of a file. Optional ones may be absent or blank: read as the text ``default``, else NULL."""

    name: str
    note: str
    required: bool = True
    default: str | None = None
    unit: str = ""
    note_zh: str = ""

    stage_type: ClassVar[str] = "text"
    type_name: ClassVar[str] = "text"

    @property
    def is_filled(self) -> bool:
        """True when the landed value is never NULL."""
        return self.required or self.default is not None

    def sql_type(self) -> TypeEngine[Any]:
        """Type in the landing table."""
        return Text()

    def rule(self) -> str:
        """Rule of the column in words, for templates and messages."""
        return self.type_name

    def parse(self, text: str) -> Value:
        """Value of one non-blank cell; raises CellError."""
        raise NotImplementedError


@dataclass(frozen=True)
class TextColumn(FileColumn):
    """Free text or an identifier, without control characters, at most ``max_length`` characters."""

    max_length: int = 200

    def rule(self) -> str:
        """Rule in words."""
        return f"text, at most {self.max_length} characters"

    def parse(self, text: str) -> Value:
        """The text itself."""
        if _CONTROL.search(text):
            raise CellError("INVALID_TEXT", "holds a control character", "retype the cell on one line")
        if len(text) > self.max_length:
            raise CellError(
                "TEXT_TOO_LONG", f"has {len(text)} characters", f"shorten it to {self.max_length} or fewer"
            )
        return text


@dataclass(frozen=True)
class Province(FileColumn):
    """Code of a province, as rule packs write it: lower-case letters, digits and ``_``."""

    type_name: ClassVar[str] = "province code"

    def rule(self) -> str:
        """Rule in words."""
        return "code in lower case, e.g. shandong"

    def parse(self, text: str) -> Value:
        """The code itself; another spelling is refused, because it would be another province."""
        if not _SLUG.fullmatch(text):
            raise CellError(
                "INVALID_CODE",
                "is not a province code",
                "write the province's code in lower case, e.g. shandong",
            )
        return text


@dataclass(frozen=True)
class Code(FileColumn):
    """A name that becomes part of other names: lower-case letters, digits and ``_``."""

    type_name: ClassVar[str] = "code"

    def rule(self) -> str:
        """Rule in words."""
        return "code in lower case, e.g. running_cost"

    def parse(self, text: str) -> Value:
        """The code itself."""
        if not _SLUG.fullmatch(text):
            raise CellError(
                "INVALID_CODE",
                "is not a code",
                "write it in lower-case letters, digits and _, a letter first",
            )
        return text


@dataclass(frozen=True)
class Choice(FileColumn):
    """One of a closed list of words; ``synonyms`` pairs other spellings (lower case) with the word meant.

    ``own`` words may land, but only this program writes them, no file.
    """

    choices: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    own: tuple[str, ...] = ()
    type_name: ClassVar[str] = "choice"

    def rule(self) -> str:
        """Rule in words."""
        others = f" (or {', '.join(other for other, _ in self.synonyms)})" if self.synonyms else ""
        return "one of " + ", ".join(self.choices) + others

    def parse(self, text: str) -> Value:
        """The word, exactly as listed (case does not matter)."""
        known = {choice.lower(): choice for choice in self.choices} | dict(self.synonyms)
        if text.lower() in known:
            return known[text.lower()]
        near = get_close_matches(text.lower(), self.choices, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise CellError("UNKNOWN_CHOICE", "is not allowed", f"use one of {', '.join(self.choices)}{hint}")


@dataclass(frozen=True)
class Day(FileColumn):
    """A calendar day, ``2026-09-30`` (or ``2026/9/30``, or the serial number under which Excel keeps it)."""

    stage_type: ClassVar[str] = "date"
    type_name: ClassVar[str] = "date"

    def sql_type(self) -> TypeEngine[Any]:
        """Type in the landing table."""
        return Date()

    def rule(self) -> str:
        """Rule in words."""
        return "date, e.g. 2026-09-30"

    def parse(self, text: str) -> Value:
        """The day, between 2000 and 2099."""
        if _SERIAL.fullmatch(text):
            return _whole_day(text, "write the day as 2026-09-30")
        match = _DAY.fullmatch(text)
        return _day(text, match.group(1, 2, 3) if match else None, "write the day as 2026-09-30")


@dataclass(frozen=True)
class Month(Day):
    """A delivery month, ``2026-09``; lands as its first day."""

    type_name: ClassVar[str] = "month"

    def rule(self) -> str:
        """Rule in words."""
        return "month, e.g. 2026-09"

    def parse(self, text: str) -> Value:
        """First day of the month."""
        if _SERIAL.fullmatch(text) and _whole_day(text, "write the month as 2026-09").day == 1:
            return _whole_day(text, "write the month as 2026-09")
        match = _MONTH.fullmatch(text.removesuffix(" 00:00:00"))
        parts = (match.group(1), match.group(2), "1") if match else None
        return _day(text, parts, "write the month as 2026-09")


def _day(text: str, parts: tuple[str, ...] | None, remedy: str) -> date:
    """Calendar day of year, month, day texts, or CellError."""
    if parts is None:
        raise CellError("UNPARSABLE_DATE", "is not a date", remedy)
    try:
        day = date(*(int(part) for part in parts))
    except ValueError:
        raise CellError("UNPARSABLE_DATE", "is not a day of the calendar", remedy) from None
    if not 2000 <= day.year <= 2099:
        raise CellError("OUT_OF_RANGE", "is outside the years 2000 to 2099", remedy)
    return day


def from_serial(text: str) -> datetime:
    """Moment of an Excel serial number: days since 1899-12-30, a second is 1/86,400 and stored inexactly.

    >>> from_serial("46296.0104166667")
    datetime.datetime(2026, 10, 1, 0, 15)
    """
    seconds = Decimal(text) * 86_400
    whole = round(seconds)
    if abs(seconds - whole) > Decimal("0.02"):
        raise CellError("OFF_GRID", "is an Excel date that is not on a whole second", "keep all its decimals")
    return _EXCEL_ZERO + timedelta(seconds=whole)


def _moment(text: str) -> datetime:
    """Moment of a serial number, of a date and time as Excel shows it (2026/9/30 24:00), or of ISO 8601."""
    if _SERIAL.fullmatch(text):
        return from_serial(text)
    shown = _SHOWN.fullmatch(text)
    if not shown:
        return datetime.fromisoformat(text.replace("/", "-"))
    year, month, day, hour, minute, second = (int(part or 0) for part in shown.groups())
    if (hour, minute, second) == (24, 0, 0):  # the end of a day, which is the next one's 00:00
        return datetime(year, month, day) + timedelta(days=1)
    return datetime(year, month, day, hour, minute, second)


def _whole_day(text: str, remedy: str) -> date:
    """Day of an Excel serial number without a time."""
    moment = from_serial(text)
    if moment.time() != time():
        raise CellError("UNPARSABLE_DATE", f"is an Excel date with a time ({moment})", remedy)
    return _day(text, (str(moment.year), str(moment.month), str(moment.day)), remedy)


@dataclass(frozen=True)
class Instant(FileColumn):
    """A moment, ``2026-10-01 00:00`` or Excel's serial number; UTC+8 unless it carries an offset."""

    stage_type: ClassVar[str] = "timestamptz"
    type_name: ClassVar[str] = "date and time"

    def sql_type(self) -> TypeEngine[Any]:
        """Type in the landing table."""
        return DateTime(timezone=True)

    def rule(self) -> str:
        """Rule in words."""
        return "date and time, e.g. 2026-10-01 00:00 (UTC+8)"

    def parse(self, text: str) -> Value:
        """The moment with its offset."""
        try:
            moment = _moment(text)
        except CellError:
            raise
        except (ValueError, OverflowError):
            raise CellError(
                "UNPARSABLE_DATE", "is not a date and time", "write it as 2026-10-01 00:00 (UTC+8)"
            ) from None
        if not 2000 <= moment.year <= 2099:
            raise CellError("OUT_OF_RANGE", "is outside the years 2000 to 2099", "check the year")
        return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


@dataclass(frozen=True)
class Whole(FileColumn):
    """A whole number between ``minimum`` and ``maximum``."""

    minimum: int = 0
    maximum: int = 2_147_483_647
    stage_type: ClassVar[str] = "int4"
    type_name: ClassVar[str] = "whole number"

    def sql_type(self) -> TypeEngine[Any]:
        """Type in the landing table."""
        return Integer()

    def rule(self) -> str:
        """Rule in words."""
        return f"whole number, {self.minimum} to {self.maximum}"

    def parse(self, text: str) -> Value:
        """The number."""
        number = parse_decimal(text)
        if number != number.to_integral_value():
            raise CellError("TOO_MANY_DECIMALS", "is not a whole number", "round it to a whole number")
        check_range(number, Decimal(self.minimum), Decimal(self.maximum), self.unit)
        return int(number)


@dataclass(frozen=True)
class DecimalColumn(FileColumn):
    """An exact decimal with at most ``scale`` decimals; lands as ``numeric(precision, scale)``."""

    precision: int = 12
    scale: int = 3
    minimum: str | None = None
    maximum: str | None = None
    type_name: ClassVar[str] = "decimal"

    def sql_type(self) -> TypeEngine[Any]:
        """Type in the landing table."""
        return Numeric(self.precision, self.scale)

    def rule(self) -> str:
        """Rule in words."""
        low = f", at least {self.minimum}" if self.minimum is not None else ""
        high = f", at most {self.maximum}" if self.maximum is not None else ""
        return f"number with at most {self.scale} decimals{low}{high}"

    def parse(self, text: str) -> Value:
        """Canonical decimal text (PostgreSQL reads it exactly; a binary float never appears)."""
        number = parse_decimal(text)
        widest = Decimal(10) ** (self.precision - self.scale) - Decimal(1).scaleb(-self.scale)
        low = Decimal(self.minimum) if self.minimum is not None else -widest
        high = Decimal(self.maximum) if self.maximum is not None else widest
        check_range(number, low, high, self.unit)
        check_decimals(number, self.scale)
        return f"{number:.{self.scale}f}"

"""The slots of a day: 96 quarter-hours or 24 hours in one record."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ingestion.feeds.columns import check_decimals, check_range, parse_decimal


@dataclass(frozen=True)
class Curve:
    """The slots of a day: ``count`` columns ``<prefix>01 ...`` in ``unit``, landing as ``int4`` of unit/1000.

    A file value has at most 3 decimals. With ``blank_allowed`` a blank slot lands as NULL (missing), else the
    record is refused. ``minimum`` counts in landing units.
    """

    prefix: str
    count: int
    unit: str
    landing_unit: str
    minimum: int | None = 0
    maximum: int = 2_147_483_647
    blank_allowed: bool = True

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names, p01 ... p96 or h01 ... h24."""
        return tuple(f"{self.prefix}{slot:02d}" for slot in range(1, self.count + 1))

    def rule(self) -> str:
        """Rule in words."""
        low = ", 0 or more" if self.minimum == 0 else ", may be negative" if self.minimum is None else ""
        blank = ", blank = missing" if self.blank_allowed else ", never blank (write 0)"
        return f"{self.unit} with at most 3 decimals{low}{blank}"

    def period(self, slot: int) -> str:
        """Clock label of slot 1 ... count: begin and end, UTC+8.

        >>> Curve("p", 96, "kWh", "Wh").period(96)
        '23:45-24:00'
        """
        width = 24 * 60 // self.count
        start, end = (slot - 1) * width, slot * width
        return f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"

    def parse(self, text: str) -> int:
        """Landing value of one non-blank cell: thousandths of the file unit, exact."""
        number = parse_decimal(text)
        low = Decimal(self.minimum if self.minimum is not None else -self.maximum) / 1000
        check_range(number, low, Decimal(self.maximum) / 1000, self.unit)
        check_decimals(number, 3)
        return int(round(number, 3).scaleb(3))

"""The honest defects of the sample: what a retailer really finds in its inbox.

Every day of the settled months is whole in the end; two things stay open in November (a gap, and the second
site without a contract). One day of a month that is closed by then is corrected after the cut (see late.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ingestion.sample.config import LATE_AT, at

FIRST_CELL = 4
"""Column of p01 in a meter_day row: metering_point_id, channel, delivery_on and quality stand before it."""

Row = list[str]
Repair = Literal["row", "whole_file", "never"]


@dataclass(frozen=True)
class Defect:
    """One damaged row of one day's first delivery, and how and when it is repaired."""

    name: str
    delivery_on: date
    customer: int
    slots: range
    damage: Callable[[str], str]
    repair: Repair
    repaired_at: datetime | None
    what: str

    def apply(self, row: Row) -> Row:
        """Give the row as it was first delivered."""
        damaged = list(row)
        for slot in self.slots:
            damaged[FIRST_CELL + slot - 1] = self.damage(row[FIRST_CELL + slot - 1])
        return damaged


def missed_wh(wh: list[int], defect: Defect) -> int:
    """How much of a true day's energy, Wh a slot, its first delivery leaves out."""
    printed = [f"{value // 1000}.{value % 1000:03d}" for value in wh]
    stated = defect.apply([""] * FIRST_CELL + printed)[FIRST_CELL:]
    return sum(wh) - sum(int(cell.replace(".", "")) for cell in stated)


def _blank(_: str) -> str:
    return ""


def _times(numerator: int, denominator: int) -> Callable[[str], str]:
    """Scale a printed kWh cell, whole Wh in between."""

    def scaled(cell: str) -> str:
        wh = int(cell.replace(".", "")) * numerator // denominator
        return f"{wh // 1000}.{wh % 1000:03d}"

    return scaled


def _letter_o(cell: str) -> str:
    """Write the last digit before the point as the letter O: a scanned or hand-typed figure."""
    whole, part = cell.split(".")
    return f"{whole[:-1]}O.{part}"


def _minus(cell: str) -> str:
    return f"-{cell}"


DEFECTS = (
    Defect("closed_month", date(2026, 8, 19), 4, range(33, 65), _times(2, 3), "row", LATE_AT,
           "one lost CT phase, 2/3 of the energy; found when the month was closed already"),
    Defect("gap", date(2026, 9, 9), 8, range(37, 49), _blank, "row", at(date(2026, 9, 15), 10),
           "12 blank slots; the row comes again 5 days later"),
    Defect("unparsable", date(2026, 9, 11), 21, range(53, 54), _letter_o, "row", at(date(2026, 9, 14), 9),
           "a cell with a letter in it; the right row comes 2 days later"),
    Defect("correction", date(2026, 9, 22), 3, range(33, 65), _times(2, 3), "whole_file",
           at(date(2026, 10, 6), 10),
           "one lost CT phase, 2/3 of the energy; the grid company sends the whole day again in October"),
    Defect("negative", date(2026, 10, 14), 30, range(20, 21), _minus, "row", at(date(2026, 10, 16), 9),
           "a negative value in an import channel; the right row comes next day"),
    Defect("late_correction", date(2026, 10, 20), 15, range(1, 97), _times(108, 100), "row",
           at(date(2026, 11, 5), 10), "a multiplier 8 % too high; corrected after the month's end"),
    Defect("open_gap", date(2026, 11, 7), 11, range(70, 76), _blank, "never", None,
           "6 blank slots that nobody has filled yet"),
)  # fmt: skip

RESENT_ON = date(2026, 9, 16)
RESENT_AT = at(date(2026, 9, 18), 9, 10)
"""The file of this day is delivered a second time, byte for byte, under another name."""

"""NEM12 files (AEMO's interval metering format): each 300 record with its 400 events is a meter day.

The file says itself what it means, so it needs no profile. ``nemreader`` reads the blocks, with the quality
of each interval; energies are taken from the record's own texts, because floats are not exact. Source: AEMO,
Meter Data File Format Specification NEM12 & NEM13.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import numpy as np
from nemreader import NEMFile

from ingestion.feeds.columns import CellError
from ingestion.formats.cells import count_of
from ingestion.formats.nem12_blocks import Block, Found, as_text, read_blocks
from ingestion.formats.shaped import Faults, MeterDays, ShapedTable, shape
from ingestion.formats.units import scale_of, to_slots
from ingestion.readers import RawTable

UNITS = {unit.lower(): unit for unit in ("Wh", "kWh", "MWh", "varh", "kvarh", "Mvarh")}
# first letter of the NMI suffix; E is energy exported FROM the network, so imported by the customer
CHANNELS = {"E": "active_import", "B": "active_export", "Q": "reactive_import", "K": "reactive_export"}
METERED = "A"
_DECIMALS = 6
logging.getLogger("nemreader").setLevel(logging.CRITICAL)  # what it would log is refused by line here


@dataclass(frozen=True)
class Day:
    """A day ready to land: key, Wh, missing, estimated, and the original where it was split."""

    key: tuple[str, str, date]
    wh: list[int]
    missing: list[bool]
    estimated: list[bool]
    note: str


def transform_nem12(content: bytes, file_name: str) -> ShapedTable:
    """Meter days of a NEM12 file, one per 300 record; FileRefused for NEM13 and files of no known version."""
    return nem12_table(read_blocks(content), file_name)


def nem12_table(found: Sequence[Found], file_name: str) -> ShapedTable:
    """Meter days of some records."""
    blocks = [block for block, _ in found]
    raw_cells = np.empty((len(blocks), 1), dtype=object)
    raw_cells[:, 0] = [as_text(block) for block in blocks]
    raw = RawTable(["300"], 1, raw_cells, [block.line_no for block in blocks])
    refused = {row: error for row, (_, error) in enumerate(found) if error}
    faults: Faults = {row: ("300", blocks[row].cells[0], error) for row, error in refused.items()}
    days: dict[int, Day] = {}
    seen: dict[tuple[str, str, date], int] = {}
    for row, block in enumerate(blocks):
        if row in faults:
            continue
        try:
            day = _day(block)
            first = seen.setdefault(day.key, row)
            if first != row:
                raise CellError(
                    "DUPLICATE_IN_FILE",
                    f"repeats point, channel and day of line {blocks[first].line_no}, which landed",
                    "deliver the right record in a new file as a correction",
                )
            days[row] = day
        except CellError as error:
            faults[row] = ("300", ",".join(block.cells[:2]), error)
    return shape(raw, file_name, _meter_days(days, faults))


def _meter_days(days: dict[int, Day], faults: Faults) -> MeterDays:
    """Columns of the days that can land."""
    count = len(days)
    found = list(days.values())
    return MeterDays(
        [day.key for day in found],
        np.array([day.wh for day in found], dtype=np.int64).reshape(count, 96),
        np.array([day.missing for day in found], dtype=np.bool_).reshape(count, 96),
        np.array(list(days), dtype=np.int64),
        np.arange(count),
        faults,
        np.array([day.estimated for day in found], dtype=np.bool_).reshape(count, 96),
        [day.note for day in found],
    )


def _day(block: Block) -> Day:
    """One meter day; CellError when the record cannot land exactly."""
    nmi, suffix, unit, minutes = _details(block)
    channel = CHANNELS.get(suffix[:1])
    if channel is None:
        raise CellError(
            "UNSUPPORTED_CHANNEL",
            f"belongs to suffix {suffix or '(blank)'}, which is no energy (channels: {', '.join(CHANNELS)})",
            "nothing to do; leave the channel out of the delivery",
        )
    if unit.lower() not in UNITS:
        raise CellError(
            "UNKNOWN_UNIT", f"is in unit {unit or '(blank)'}", f"deliver one of {', '.join(UNITS.values())}"
        )
    if minutes not in (5, 15, 30, 60):
        raise CellError("NOT_DIVISIBLE", f"has {minutes}-minute intervals", "deliver 5, 15, 30 or 60 minutes")
    points = 1440 // minutes
    day, qualities = _read(block, points)
    texts = block.cells[2 : 2 + points]
    scale = scale_of(UNITS[unit.lower()], points, Fraction(1), _DECIMALS)
    counts = [count_of(text, scale, False, "carry") if text else 0 for text in texts]
    amounts = np.array([[count * scale.numerator for count in counts]], dtype=np.int64)
    missing = np.array([[not text for text in texts]], dtype=np.bool_)
    # five-minute values may be finer than a Wh; what must be whole is the quarter hour
    if (amounts.reshape(min(points, 96), -1).sum(axis=1) % scale.scale).any():
        raise CellError("NOT_WHOLE_WH", "has an interval that is no whole number of Wh", "deliver whole Wh")
    wh, empty = to_slots(amounts, missing, scale.scale, "exact", 3)
    estimated = [not quality.startswith(METERED) for quality in qualities]
    per_point = np.array(estimated, dtype=np.bool_)
    per_slot = (
        np.repeat(per_point, 96 // points)
        if points < 96
        else np.asarray(per_point.reshape(96, -1).any(axis=1))
    )
    note = "" if points >= 96 else f"{points} points in {UNITS[unit.lower()]}: {'|'.join(texts)}"
    key = (f"{nmi}-{suffix[1:]}", channel, day)
    return Day(key, wh[0].tolist(), empty[0].tolist(), per_slot.tolist(), note)


def _details(block: Block) -> tuple[str, str, str, int]:
    """NMI, suffix, unit and interval length of the 200 record."""
    cells = block.details + [""] * (10 - len(block.details))
    nmi, suffix, unit, minutes = cells[1], cells[4], cells[7], cells[8]
    if not nmi or len(nmi) > 20 or not nmi.isascii() or not nmi.isprintable():
        raise CellError(
            "MISSING_FIELD", "stands under a 200 record without a proper NMI", "correct the 200 record"
        )
    if len(suffix) > 4 or not suffix.isascii() or not suffix.isprintable():
        raise CellError("UNSUPPORTED_CHANNEL", "has a suffix that is no NMI suffix", "correct the 200 record")
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) <= 4):
        raise CellError("MISSING_FIELD", "stands under a 200 record without an interval length", "correct it")
    return nmi, suffix, unit, int(minutes)


def _read(block: Block, points: int) -> tuple[date, list[str]]:
    """Day, and quality of each interval after the 400 events, as nemreader reads the block."""
    if len(block.cells) < points + 3:
        raise CellError(
            "WRONG_CELL_COUNT",
            f"has not the {points} values and the quality of its interval length",
            "deliver it again",
        )
    start = _interval_date(block.cells[1])
    rows = [block.details, block.cells + [""] * (points + 7 - len(block.cells)), *block.events]
    rows[2:] = [row + [""] * (6 - len(row)) for row in block.events]
    try:
        data = NEMFile("block").parse_nem_file(
            [_line(row) for row in [["100", "NEM12", "", "", ""], *rows, ["900"]]]
        )
    except (ValueError, AttributeError, TypeError) as error:
        raise CellError(
            "UNPARSABLE_LINE", f"is not a readable NEM12 record ({error})", "deliver it again"
        ) from error
    readings = [one for channels in data.readings.values() for ones in channels.values() for one in ones]
    if len(readings) != points or readings[0].t_start != start:
        raise CellError("UNPARSABLE_LINE", "is not a readable NEM12 record", "deliver it again")
    qualities = [str(reading.quality_method or "") for reading in readings]
    if any(quality[:1] not in set("AEFNSV") for quality in qualities) or "V" in qualities:
        raise CellError(
            "UNKNOWN_QUALITY",
            "has an interval without a quality flag (A, E, F, N or S; V needs 400 records for all)",
            "deliver the record with its 400 records",
        )
    return start.date(), qualities


def _interval_date(text: str) -> datetime:
    """Start of the day of a 300 record."""
    try:
        start = datetime.strptime(text, "%Y%m%d")
    except ValueError:
        start = datetime.min
    if not (2000 <= start.year <= 2099 and len(text) == 8):
        raise CellError(
            "UNPARSABLE_DATE", "has no interval date of 2000 to 2099", "write the date as 20260930"
        )
    return start


def _line(cells: list[str]) -> str:
    """Cells as one CSV line; NEM12 knows no quotes, so a comma in a reason's text becomes a blank."""
    return ",".join(cell.replace(",", " ").replace('"', " ") for cell in cells)

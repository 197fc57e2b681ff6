"""What every shape hands over: meter days, and which of the source's records each of them is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ingestion.feeds.columns import CellError, Value
from ingestion.feeds.meter_day import FEED
from ingestion.formats.units import Bools, Ints
from ingestion.parsing import CellFault, ParsedTable, refuse
from ingestion.readers import RawTable
from ingestion.report import Finding, Refusal, describe, shorten

Faults = dict[int, CellFault]
_SHOWN = 3


@dataclass
class MeterDays:
    """Meter days of one file. ``record_of`` pairs each source row with the meter days it is part of.

    ``wh``, ``missing`` and ``estimated`` have shape (records, 96). ``notes`` keeps the original where an
    interval was split. Rows in ``faults`` are part of no record.
    """

    keys: list[tuple[str, str, date]]
    wh: Ints
    missing: Bools
    rows: Ints
    records: Ints
    faults: Faults
    estimated: Bools | None = None
    notes: list[str] | None = None


@dataclass(frozen=True)
class ShapedTable(ParsedTable):
    """A parsed table whose records are made of several source rows, or share one."""

    rows: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    records: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    estimated: Bools | None = None
    notes: list[str] | None = None

    def rows_without(self, kept: Bools) -> list[int]:
        """Source rows all of whose records are not in ``kept`` (a mask of the records)."""
        landed = set(self.rows[kept[self.records]].tolist())
        return sorted(set(self.rows.tolist()) - landed)


def shape(raw: RawTable, file_name: str, days: MeterDays) -> ShapedTable:
    """Meter days as a table that can land; every source row is in a record, or refused with its reason."""
    refusals = [refuse(raw, file_name, row, *fault) for row, fault in sorted(days.faults.items())]
    refusals += [_broken(raw, file_name, index) for index in range(len(raw.broken))]
    first = np.full(len(days.keys), len(raw.lines), dtype=np.int64)
    np.minimum.at(first, days.records, days.rows)
    lines = [raw.lines[row] for row in first.tolist()]
    estimated = np.zeros(len(lines), dtype=np.bool_)
    if days.estimated is not None:
        estimated = np.asarray((days.estimated & ~days.missing).any(axis=1))
    values: dict[str, list[Value | None]] = {
        "metering_point_id": [key[0] for key in days.keys],
        "channel": [key[1] for key in days.keys],
        "delivery_on": [key[2] for key in days.keys],
        "quality": ["estimated" if worst else "metered" for worst in estimated.tolist()],
    }
    findings = [
        _missing(raw, file_name, lines[record], days, record)
        for record in np.flatnonzero(days.missing.any(axis=1)).tolist()
    ]
    return ShapedTable(
        FEED,
        len(raw.lines) + len(raw.broken),
        lines,
        values,
        days.wh,
        days.missing,
        refusals,
        findings,
        raw,
        days.rows,
        days.records,
        days.estimated,
        days.notes,
    )


def parse_ids(texts: list[str], field_name: str, faults: Faults) -> list[str]:
    """Metering points of a column; a blank or wrong one marks its row."""
    column = FEED.columns[0]
    wrong: dict[str, CellError] = {}
    for text in set(texts):
        try:
            if not text:
                raise CellError("MISSING_FIELD", "is blank", f"fill it: {column.rule()}")
            column.parse(text)
        except CellError as error:
            wrong[text] = error
    if wrong:
        for row, text in enumerate(texts):
            if text in wrong:
                faults.setdefault(row, (field_name, text, wrong[text]))
    return texts


def parse_words(texts: list[str], words: dict[str, str], field_name: str, faults: Faults) -> list[str]:
    """Channels of a column: the source's word translated, or the channel's own name."""
    own = {name: name for name in getattr(FEED.columns[1], "choices", ())}
    known = own | words
    for row, text in enumerate(texts):
        if text not in known:
            error = CellError(
                "UNKNOWN_CHOICE",
                "is not a channel that the profile knows",
                f"add it to channel.words in the profile; known are {', '.join(known)}",
            )
            faults.setdefault(row, (field_name, text, error))
    return [known.get(text, "") for text in texts]


def _broken(raw: RawTable, file_name: str, index: int) -> Refusal:
    """Refusal of a line that does not fit under the header."""
    line = raw.broken[index]
    value = shorten(line.raw)
    message = describe(file_name, raw.sheet, line.line_no, None, value, line.problem, line.remedy)
    return Refusal(file_name, raw.sheet, line.line_no, None, value, line.code, message, line.raw)


def _missing(raw: RawTable, file_name: str, line_no: int, days: MeterDays, record: int) -> Finding:
    """One finding per meter day with missing slots."""
    assert FEED.curve is not None
    slots = (np.flatnonzero(days.missing[record]) + 1).tolist()
    name = FEED.curve.names[slots[0] - 1]
    shown = ", ".join(FEED.curve.period(slot) for slot in slots[:_SHOWN])
    more = f" and {len(slots) - _SHOWN} more" if len(slots) > _SHOWN else ""
    point, channel, day = days.keys[record]
    problem = f"has {len(slots)} missing slots ({shown}{more}) in {channel} of {day}; the day landed, flagged"
    remedy = "deliver the day again, complete; until then the slots stay missing"
    message = describe(file_name, raw.sheet, line_no, name, point, problem, remedy)
    return Finding(file_name, raw.sheet, line_no, name, point, "MISSING_SLOT", message)

"""Typed values to PostgreSQL's binary COPY format, a column at a time.

Every field is a 4-byte length and its payload; NULL is length -1. Source: PostgreSQL manual, "COPY", binary
format.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from ingestion.feeds.columns import Value
from ingestion.parsing import Bools, Ints, ParsedTable

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
_NULL = struct.pack(">i", -1)
_DAY_ZERO = date(2000, 1, 1)
_MOMENT_ZERO = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def pack_records(parsed: ParsedTable) -> bytes:
    """Binary COPY stream of the records that can land, in the column order of the stage table."""
    feed, rows = parsed.feed, len(parsed.lines)
    columns = [pack_values(parsed.values[column.name]) for column in feed.columns]
    slot_fields = feed.curve.count if feed.curve else 0
    if parsed.slots is not None and parsed.missing is not None:
        columns.append(pack_slots(parsed.slots, parsed.missing))
    columns.append(pack_values(parsed.lines))
    return pack_table([field_count(len(feed.columns) + slot_fields + 1, rows), *columns])


def pack_table(columns: Sequence[Sequence[bytes]]) -> bytes:
    """Whole COPY stream of packed columns (each one entry per row; a curve is one entry of many fields).

    The caller counts fields: the first column must carry the field count (see ``field_count``).
    """
    return b"".join([HEADER, *map(b"".join, zip(*columns, strict=True)), TRAILER])


def field_count(fields: int, rows: int) -> list[bytes]:
    """Leading column: the number of fields of each row."""
    return [struct.pack(">h", fields)] * rows


def pack_values(values: Sequence[Value | None]) -> list[bytes]:
    """One packed field per value; each distinct value is packed once."""
    packed = {value: _pack(value) for value in set(values)}
    return [packed[value] for value in values]


def _pack(value: Value | None) -> bytes:
    """Pack text as UTF-8, int as int4, day as date, moment as timestamptz."""
    if value is None:
        return _NULL
    if isinstance(value, str):
        text = value.encode()
        return struct.pack(">i", len(text)) + text
    if isinstance(value, int):
        return struct.pack(">ii", 4, value)
    if isinstance(value, datetime):
        return struct.pack(">iq", 8, (value - _MOMENT_ZERO) // _MICROSECOND)
    return struct.pack(">ii", 4, (value - _DAY_ZERO).days)


def pack_slots(slots: Ints, missing: Bools) -> list[bytes]:
    """Per row the int4 fields of its slots; missing ones are NULL."""
    rows, count = slots.shape
    fields = np.empty((rows, count, 2), dtype=">i4")
    fields[:, :, 0] = np.where(missing, -1, 4)
    fields[:, :, 1] = slots
    data, width = fields.tobytes(), count * 8
    packed = [data[row * width : (row + 1) * width] for row in range(rows)]
    for row in np.flatnonzero(missing.any(axis=1)).tolist():
        # NULL has no payload: drop the four value bytes of each missing slot
        kept = np.ones((count, 2), dtype=bool)
        kept[:, 1] = ~missing[row]
        packed[row] = fields[row][kept].tobytes()
    return packed

"""Typed values to PostgreSQL's binary COPY format, a column at a time.

Every field is a 4-byte length and its payload; NULL is length -1. Source: PostgreSQL manual, "COPY", binary
format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from ingestion.feeds.columns import Value
from ingestion.parsing import Bools, Ints, ParsedTable

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
_NULL = struct.pack(">i", -1)
_DAY_ZERO = date(2000, 1, 1)
_MOMENT_ZERO = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PART = 2_500  # rows

Packed = bytes | npt.NDArray[np.uint8] | list[bytes]
"""A packed column: the same bytes for each row; or shape (rows, width); or of its own width in each row."""


def pack_stream(parsed: ParsedTable, leading: Sequence[bytes] = ()) -> Iterator[bytes]:
    """Binary COPY stream of the records that can land: ``leading`` fields, the feed's columns, line number.

    ``leading`` are packed fields that every row begins with. The stream comes in parts, so that the server
    stores one while the next is packed.
    """
    yield HEADER
    for start in range(0, len(parsed.lines), _PART):
        yield _pack_rows(parsed, slice(start, start + _PART), leading)
    yield TRAILER


def pack_table(columns: Sequence[Packed], fields: int, rows: int) -> bytes:
    """Whole COPY stream of packed columns, which have ``fields`` fields together."""
    return HEADER + _side_by_side([struct.pack(">h", fields), *columns], rows) + TRAILER


def _pack_rows(parsed: ParsedTable, part: slice, leading: Sequence[bytes]) -> bytes:
    """The rows of a part, a column at a time."""
    feed = parsed.feed
    slot_fields = feed.curve.count if feed.curve else 0
    fields = len(leading) + len(feed.columns) + slot_fields + 1
    lines = np.array(parsed.lines[part], dtype=np.int64)[:, None]
    columns: list[Packed] = [struct.pack(">h", fields) + b"".join(leading)]
    columns += [pack_values(parsed.values[column.name][part]) for column in feed.columns]
    if parsed.slots is not None and parsed.missing is not None:
        columns.append(pack_slots(parsed.slots[part], parsed.missing[part]))
    columns.append(pack_slots(lines, np.zeros(lines.shape, dtype=np.bool_)))
    return _side_by_side(columns, len(lines))


def _side_by_side(columns: Sequence[Packed], rows: int) -> bytes:
    """Columns to rows; at once where each column has one width, which most deliveries have."""
    blocks = [
        np.frombuffer(column, np.uint8)[None, :] if isinstance(column, bytes) else column
        for column in columns
        if not isinstance(column, list)
    ]
    if len(blocks) == len(columns):
        table = np.empty((rows, sum(block.shape[1] for block in blocks)), dtype=np.uint8)
        at = 0
        for block in blocks:
            table[:, at : at + block.shape[1]] = block
            at += block.shape[1]
        return table.tobytes()
    return b"".join(map(b"".join, zip(*(_as_list(column, rows) for column in columns), strict=True)))


def _as_list(column: Packed, rows: int) -> list[bytes]:
    """One packed field (or run of fields) per row."""
    if isinstance(column, bytes):
        return [column] * rows
    return column if isinstance(column, list) else [row.tobytes() for row in column]


def pack_values(values: Sequence[Value | None]) -> Packed:
    """The packed fields of one column."""
    if not values:
        return []
    packed = {value: pack_value(value) for value in set(values)}
    if len(packed) == 1:
        return next(iter(packed.values()))
    fields = [packed[value] for value in values]
    if len({len(field) for field in packed.values()}) > 1:
        return fields
    return np.frombuffer(b"".join(fields), dtype=np.uint8).reshape(len(fields), -1)


def pack_bigint(value: int) -> bytes:
    """Pack an int8."""
    return struct.pack(">iq", 8, value)


def pack_value(value: Value | None) -> bytes:
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


def pack_slots(slots: Ints, missing: Bools) -> Packed:
    """Per row the int4 fields of its slots; missing ones are NULL."""
    rows, count = slots.shape
    fields = np.empty((rows, count, 2), dtype=">i4")
    fields[:, :, 0] = 4
    fields[:, :, 1] = slots
    if not missing.any():
        return fields.view(np.uint8).reshape(rows, count * 8)
    fields[:, :, 0][missing] = -1
    # NULL has no payload: drop the four value bytes of each missing slot
    kept = np.ones((rows, count, 2), dtype=bool)
    kept[:, :, 1] = ~missing
    return [fields[row][kept[row]].tobytes() for row in range(rows)]

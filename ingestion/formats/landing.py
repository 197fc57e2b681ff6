"""Landing of shaped tables: one delivery, one transaction, counted in the source's own records.

A meter day made of 96 lines counts as 96 records: they land together, and when the day equals its latest
version they are quarantined UNCHANGED together. Slot flags are written one by one, because a shaped day can
be estimated in a part of its slots only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ingestion.feeds.columns import CellError
from ingestion.file_landing import FileLander
from ingestion.formats.shaped import ShapedTable
from ingestion.landing import Origin
from ingestion.landing_sql import FeedSql
from ingestion.parsing import ParsedTable, refuse
from ingestion.report import BatchReport, Refusal

_STAGED = "select metering_point_id, channel, delivery_on from pg_temp.stage_meter_day"
_VERSIONS = (
    "select metering_point_id, channel, delivery_on, version from landing.meter_day where batch_id = %s"
)
_STAGED_COUNT = "select count(*) from pg_temp.stage_meter_day"
_ADD_SHAPED = "insert into landing.shaped_batch (batch_id, records_landed) values (%s, %s)"
_FLAGS = (
    "copy landing.meter_slot_flag (metering_point_id, channel, delivery_on, version, slot, rule_code, "
    "flagged_by, reason, batch_id) from stdin"
)


UNCHANGED_DAYS = CellError(
    "UNCHANGED",
    "belongs to days that all equal their latest version",
    "nothing to do; leave unchanged records out of a correction",
)


class ShapedLander(FileLander):
    """A lander that also lands shaped tables; every other table lands as always."""

    def __enter__(self) -> ShapedLander:
        """Open the connection."""
        super().__enter__()
        return self

    def _take_unchanged(self, parsed: ParsedTable, queries: FeedSql, origin: Origin) -> list[Refusal]:
        """Take unchanged days out of the stage table; refuse the source rows that are in no other day."""
        if not isinstance(parsed, ShapedTable):
            return super()._take_unchanged(parsed, queries, origin)
        if not self._pg.execute(queries.take_unchanged, prepare=True).rowcount:
            return []
        staged = set(self._pg.execute(_STAGED))
        kept = np.array([key in staged for key in day_keys(parsed)], dtype=np.bool_)
        return [
            refuse(parsed.raw, origin.file_name, row, None, None, UNCHANGED_DAYS)
            for row in parsed.rows_without(kept)
        ]

    def _write(
        self, parsed: ParsedTable, queries: FeedSql, origin: Origin, refusals: list[Refusal]
    ) -> BatchReport:
        """Write the batch, how many meter days its rows became, then the flags of its slots."""
        if not isinstance(parsed, ShapedTable):
            return super()._write(parsed, queries, origin, refusals)
        staged = self._pg.execute(_STAGED_COUNT, prepare=True).fetchone()
        report = super()._write(parsed, replace(queries, land_with_flags=None), origin, refusals)
        if report.rows_landed and staged is not None:
            self._pg.execute(_ADD_SHAPED, (report.batch_id, staged[0]), prepare=True)
        flagged = parsed.missing is not None and bool(parsed.missing.any())
        if report.rows_landed and (flagged or parsed.estimated is not None or parsed.notes):
            landed: dict[tuple[Any, ...], Any] = {
                row[:3]: row[3] for row in self._pg.execute(_VERSIONS, (report.batch_id,))
            }
            with self._pg.cursor() as cursor, cursor.copy(_FLAGS) as copy:
                for record, key in enumerate(day_keys(parsed)):
                    if key in landed:
                        for slot, code, reason in slot_flags(parsed, record):
                            row = (*key, landed[key], slot, code, "ingestion", reason, report.batch_id)
                            copy.write_row(row)
        return report


def day_keys(parsed: ShapedTable) -> Iterator[tuple[Any, ...]]:
    """Key of each record."""
    names = ("metering_point_id", "channel", "delivery_on")
    return zip(*(parsed.values[name] for name in names), strict=True)


def slot_flags(parsed: ShapedTable, record: int) -> Iterator[tuple[int, str, str]]:
    """Slot, rule code and reason of everything there is to say about a record's slots."""
    assert parsed.missing is not None
    missing = parsed.missing[record]
    for index in np.flatnonzero(missing).tolist():
        yield index + 1, "MISSING", "blank or absent in the delivery"
    if parsed.estimated is not None:
        for index in np.flatnonzero(parsed.estimated[record] & ~missing).tolist():
            yield index + 1, "ESTIMATED_AT_SOURCE", "marked estimated or substituted by the source"
    if parsed.notes:
        note = parsed.notes[record]
        if note:
            yield 1, f"SPLIT_{note.split(' ', 1)[0]}", note

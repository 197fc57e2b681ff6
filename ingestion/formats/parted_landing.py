"""Land a large shaped file: part by part into the stage table, then in one transaction.

Reading and checking need neither lock nor transaction. Only when days are taken out again (they equal their
latest version, or are older than it) the parts are read a second time, for the lines that are to be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

import numpy as np

from ingestion.feeds.meter_day import FEED
from ingestion.formats.landing import UNCHANGED_DAYS, ShapedLander, day_keys, slot_flags
from ingestion.formats.parted_sql import (
    ADD_SHAPED,
    COPY_FLAGS,
    EMPTY_TABLES,
    LAND_FLAGS,
    LATEST_HEAD,
    MAKE_TABLES,
    NOTE_OLDER,
    NOTE_UNCHANGED,
    READ_TAKEN,
    STAGED_COUNT,
)
from ingestion.formats.shaped import ShapedTable
from ingestion.landing import FIND_BATCH, LOCK_KEY, Origin, days_of
from ingestion.landing_sql import FeedSql, statements
from ingestion.outcome import duplicate, older_than_head
from ingestion.packing import pack_stream
from ingestion.parsing import refuse
from ingestion.refusals import RefusalLog
from ingestion.report import BatchReport, Finding, Refusal


class InParts(Protocol):
    """A file whose meter days come in parts, the same ones each time they are asked for."""

    def tables(self) -> Iterator[ShapedTable]:
        """The parts; no meter day and no source row is in two of them."""
        ...


@dataclass
class _Read:
    """What has been read of a file."""

    file: InParts
    origin: Origin
    refused: RefusalLog[Refusal]
    found: RefusalLog[Finding]
    delivered: int = 0
    days: set[date] = field(default_factory=set)


class PartedLander(ShapedLander):
    """A lander that also lands files in parts."""

    def __enter__(self) -> PartedLander:
        """Open the connection."""
        super().__enter__()
        return self

    def land_parts(self, file: InParts, origin: Origin) -> BatchReport:
        """Land a file; raises FileRefused and psycopg.Error, and then nothing of it is there."""
        queries = statements(FEED)
        with RefusalLog[Refusal]() as refused, RefusalLog[Finding]() as found:
            read = _Read(file, origin, refused, found)
            self._prepare(FEED, queries, set())
            if FEED in self._dirty:
                self._clear(FEED, queries)
            for statement in MAKE_TABLES:
                self._pg.execute(statement)
            self._pg.execute(EMPTY_TABLES)
            for table in file.tables():
                self._stage_part(read, table, queries)
            self._prepare(FEED, queries, read.days)
            with self._pg.transaction():
                return self._land_staged_parts(read, queries)

    def _stage_part(self, read: _Read, table: ShapedTable, queries: FeedSql) -> None:
        """Stage the meter days of a part, log its refusals."""
        read.delivered += table.delivered
        read.refused.add(table.refusals)
        read.found.add(table.findings)
        read.days |= days_of(table)
        if not table.lines:
            return
        self._dirty.add(FEED)
        self._copy(queries.copy, pack_stream(table))
        if table.missing is not None and (table.missing.any() or table.estimated is not None or table.notes):
            with self._pg.cursor() as cursor, cursor.copy(COPY_FLAGS) as copy:
                for record, key in enumerate(day_keys(table)):
                    for flag in slot_flags(table, record):
                        copy.write_row((*key, *flag))

    def _land_staged_parts(self, read: _Read, queries: FeedSql) -> BatchReport:
        """Land what is staged, under the lock."""
        origin = read.origin
        self._pg.execute("select pg_advisory_xact_lock(%s)", (LOCK_KEY,))
        known = self._pg.execute(FIND_BATCH, (FEED.name, origin.sha256)).fetchone()
        if known and self._lies_there(FEED, origin):
            return duplicate(FEED, origin, known)
        older = self._take_days(read)
        staged = self._pg.execute(STAGED_COUNT).fetchone() or (0,)
        if known:
            if staged == (0,):
                return replace(duplicate(FEED, origin, known), flags=older)
            self._went_back.add(FEED.name)
        batch = self._add_batch(
            FEED, replace(origin, again=known is not None), read.delivered, len(read.refused)
        )
        if staged != (0,):
            values = {"batch_id": batch[0], "source": origin.source}
            self._pg.execute(queries.land, values, prepare=True)
            self._empty_stage(FEED, queries, int(str(staged[0])))
            self._pg.execute(ADD_SHAPED, (batch[0], staged[0]))
            self._pg.execute("analyze pg_temp.shaped_flag")
            self._pg.execute(LAND_FLAGS, (batch[0],))
        self._dirty.discard(FEED)
        return self._report(read, batch)

    def _take_days(self, read: _Read) -> list[Finding]:
        """Take unchanged and older days out of the stage table and refuse their lines; the older ones."""
        known_at = read.origin.known_at
        taken = self._pg.execute(NOTE_UNCHANGED).rowcount
        if known_at is not None and not self._is_newest(FEED, known_at):
            taken += self._pg.execute(NOTE_OLDER, {"known_at": known_at}).rowcount
        if not taken:
            return []
        self._pg.execute("analyze pg_temp.taken_day")
        latest = (self._pg.execute(LATEST_HEAD).fetchone() or (None,))[0]
        read.found.clear()
        for table in read.file.tables():
            refusals = self._refusals_of(read.origin, table, latest)
            lines = {refusal.line_no for refusal in (*refusals, *table.refusals)}
            read.refused.add(refusals)
            read.found.add(finding for finding in table.findings if finding.line_no not in lines)
        return [one for one in read.refused.reported() if one.code == "OLDER_THAN_HEAD"]

    def _refusals_of(self, origin: Origin, table: ShapedTable, latest: object) -> list[Refusal]:
        """Refusals of the lines of a part all of whose days were taken out."""
        keys = list(day_keys(table))
        columns = [list(column) for column in zip(*keys, strict=True)] or [[], [], []]
        codes: dict[tuple[object, ...], object] = {}
        heads: dict[int, object] = {}
        for *key, code, line_no, known_at in self._pg.execute(READ_TAKEN, columns):
            codes[tuple(key)] = code
            if code == "OLDER_THAN_HEAD":
                heads[int(str(line_no))] = known_at
        if not codes:
            return []
        changed = np.array([codes.get(key) != "UNCHANGED" for key in keys], dtype=np.bool_)
        unchanged = table.rows_without(changed)
        done = set(unchanged)
        refusals = [refuse(table.raw, origin.file_name, row, None, None, UNCHANGED_DAYS) for row in unchanged]
        for row in table.rows_without(np.array([key not in codes for key in keys], dtype=np.bool_)):
            if row not in done:
                assert isinstance(origin.known_at, datetime)
                error = older_than_head(origin.known_at, heads.get(table.raw.lines[row], latest))
                refusals.append(refuse(table.raw, origin.file_name, row, None, None, error))
        return refusals

    def _report(self, read: _Read, batch: tuple[int, int]) -> BatchReport:
        """Quarantine what was refused, and report."""
        if len(read.refused):
            self._quarantine(batch[0], read.refused)
        refusals, findings = read.refused.reported(), read.found.reported()
        return BatchReport(
            FEED.name,
            read.origin.file_name,
            read.origin.sheet,
            "partly" if refusals else "landed",
            *batch,
            read.delivered,
            read.delivered - len(read.refused),
            len(read.refused),
            refusals,
            findings,
            len(read.refused) - len(refusals),
            len(read.found) - len(findings),
        )

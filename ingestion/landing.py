"""Land one delivery in one transaction: refused rows to quarantine, the rest as versions, counts in a batch.

Either a batch is there with ``rows_delivered = rows_landed + rows_quarantined``, or nothing of it is. A lock
makes ``batch_seq`` gapless and lets only one process compare and insert at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from types import TracebackType

import numpy as np
import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from ingestion.feeds.base import Feed
from ingestion.landing_sql import FeedSql, statements
from ingestion.landing_steps import take_out_of_step
from ingestion.outcome import UNCHANGED, Origin, duplicate, numbers, older_than_head
from ingestion.packing import pack_stream
from ingestion.parsing import ParsedTable, key_of, refuse
from ingestion.report import BatchReport, Finding, Refusal, storable
from ingestion.tables import partition_call

__all__ = ["LOCK_KEY", "Lander", "Origin"]

_STAGE_ROWS = 5_000
LOCK_KEY = 7_164_553_201  # one intake at a time per database; any constant that nothing else uses

FIND_BATCH = "select batch_id, batch_seq from landing.batch where feed = %s and sha256 = %s"
# content that landed before and lands again has its batch's own number behind its SHA-256
_LATEST_NAMED = """
select split_part(sha256, '#', 1), known_at from landing.batch
where feed = %s and file_name = %s order by batch_seq desc limit 1
"""
_HAS_NEWER = "select exists (select from landing.batch where feed = %s and known_at > %s)"
_ADD_BATCH = """
insert into landing.batch (batch_seq, feed, source, file_name, sha256, known_at, known_at_declared,
                           rows_delivered, rows_landed, rows_quarantined)
select coalesce(max(batch_seq), 0) + 1, %(feed)s, %(source)s, %(file_name)s,
       %(sha256)s || case when %(again)s then '#' || coalesce(max(batch_seq), 0) + 1 else '' end,
       coalesce(%(known_at)s::timestamptz, now()), %(known_at)s::timestamptz is not null,
       %(delivered)s::int, %(landed)s::int, %(quarantined)s::int
from landing.batch
returning batch_id, batch_seq
"""
_QUARANTINE = sql.SQL(
    "copy quarantine.row (batch_id, line_no, field, value, raw, reason_code, message) from stdin"
)


class Lander:
    """One database connection that lands deliveries one after the other. Use as a context manager."""

    def __init__(self, engine: Engine, *, takes_again: bool = False) -> None:
        """Take an Engine of the psycopg 3 driver; nothing is opened yet.

        ``takes_again``: a known file is a new delivery even when it lies where it was taken in before.
        """
        self._engine = engine
        self._takes_again = takes_again
        self._went_back: set[str] = set()  # feeds in which this lander landed known content again
        self._staged: dict[Feed, int] = {}  # rows deleted since the last truncate
        self._months: set[tuple[str, date]] = set()
        self._dirty: set[Feed] = set()  # feeds whose stage table may hold rows of a failed delivery

    def __enter__(self) -> Lander:
        """Open the connection."""
        self._connection: Connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        driver = self._connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            self._connection.close()
            raise TypeError("the intake needs an engine of the psycopg 3 driver (postgresql+psycopg://)")
        self._pg: psycopg.Connection[tuple[object, ...]] = driver
        # hundreds of small files would wait for the disk once each; __exit__ waits once, for all of them
        self._pg.execute("set synchronous_commit = off")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Make everything durable, drop the stage tables and give the connection back."""
        try:
            if self._pg.info.transaction_status == TransactionStatus.IDLE:
                self._pg.execute("reset synchronous_commit")
                for feed in self._staged:
                    # a synchronous commit that writes anything also flushes every commit before it
                    self._pg.execute(statements(feed).drop_stage)
            else:
                self._connection.invalidate()
        finally:
            self._connection.close()

    def find_duplicate(self, feed: Feed, origin: Origin) -> BatchReport | None:
        """Report ``duplicate`` when this content has landed before for this feed and is no new delivery.

        None for a known file that may be one: ``land`` compares its records with the latest versions.
        """
        found = self._pg.execute(FIND_BATCH, (feed.name, origin.sha256)).fetchone()
        return duplicate(feed, origin, found) if found and self._lies_there(feed, origin) else None

    def _lies_there(self, feed: Feed, origin: Origin) -> bool:
        """True when the file is as it was when its name was last taken in, and says no later known_at.

        A folder is taken in again and again; its old files must not undo what came after them. But when one
        known file of this intake did, those that follow it must be compared as well, in their order.
        """
        if self._takes_again or feed.name in self._went_back:
            return False
        named = self._pg.execute(_LATEST_NAMED, (feed.name, origin.file_name), prepare=True).fetchone()
        if named is None or named[0] != origin.sha256:
            return False
        return origin.known_at is None or (isinstance(named[1], datetime) and origin.known_at <= named[1])

    def land(self, parsed: ParsedTable, origin: Origin) -> BatchReport:
        """Land a parsed table; raises psycopg.Error (and leaves nothing) when the database fails."""
        feed = parsed.feed
        queries = statements(feed)
        self._prepare(feed, queries, days_of(parsed))
        if feed in self._dirty:
            self._clear(feed, queries)
        with self._pg.transaction():
            self._pg.execute("select pg_advisory_xact_lock(%s)", (LOCK_KEY,))
            found = self._pg.execute(FIND_BATCH, (feed.name, origin.sha256)).fetchone()
            if found and self._lies_there(feed, origin):
                return duplicate(feed, origin, found)
            refusals = list(parsed.refusals)
            if parsed.lines:
                self._copy(queries.copy, pack_stream(parsed))
                refusals += self._take_unchanged(parsed, queries, origin)
                refusals += self._take_older(parsed, queries, origin, refusals)
                refusals += self._take_out_of_step(parsed, origin)
            if found:
                if not parsed.lines or self._pg.execute(queries.staged_keys).fetchone() is None:
                    older: list[Finding] = [r for r in refusals if r.code == "OLDER_THAN_HEAD"]
                    return replace(duplicate(feed, origin, found), flags=older)
                self._went_back.add(feed.name)
            return self._write(parsed, queries, replace(origin, again=found is not None), refusals)

    def _prepare(self, feed: Feed, queries: FeedSql, days: set[date]) -> None:
        """Make what a transaction needs and a failed one may leave: the stage table and month partitions."""
        if feed not in self._staged:
            self._pg.execute(queries.make_stage)
            self._staged[feed] = 0
        wanted = {(feed.name, day.replace(day=1)) for day in days} - self._months
        if wanted:
            with self._pg.transaction():
                self._pg.execute("select pg_advisory_xact_lock(%s)", (LOCK_KEY,))
                for table, month in sorted(wanted):
                    self._pg.execute(sql.SQL(partition_call(table)), (month,))
            self._months |= wanted

    def _clear(self, feed: Feed, queries: FeedSql) -> None:
        """Empty the stage table of what an earlier delivery left."""
        self._pg.execute(queries.truncate_stage)
        self._staged[feed] = 0
        self._dirty.discard(feed)

    def _copy(self, statement: sql.SQL, parts: Iterable[bytes]) -> None:
        """Send one binary COPY stream, part by part."""
        with self._pg.cursor() as cursor, cursor.copy(statement) as copy:
            for part in parts:
                copy.write(part)

    def _take_unchanged(self, parsed: ParsedTable, queries: FeedSql, origin: Origin) -> list[Refusal]:
        """Take the records that equal the latest version of their key out of the stage table."""
        gone = {row[0] for row in self._pg.execute(queries.take_unchanged, prepare=True)}
        if not gone:
            return []
        raw_row = {line_no: row for row, line_no in enumerate(parsed.raw.lines)}
        refusals = []
        for row, line_no in enumerate(parsed.lines):
            if line_no in gone:
                field, value = key_of(parsed.feed, parsed.values, row)
                refusals.append(
                    refuse(parsed.raw, origin.file_name, raw_row[line_no], field, value, UNCHANGED)
                )
        return refusals

    def _take_older(
        self, parsed: ParsedTable, queries: FeedSql, origin: Origin, refused: list[Refusal]
    ) -> list[Refusal]:
        """Take the records out whose key was last written by knowledge newer than this delivery declares."""
        if origin.known_at is None or self._is_newest(parsed.feed, origin.known_at):
            return []
        rows = self._pg.execute(queries.take_older, {"known_at": origin.known_at}).fetchall()
        if not rows:
            return []
        newer = {row[0]: row[1] for row in rows}
        latest = max(moment for moment in newer.values() if isinstance(moment, datetime))
        staged = set(self._pg.execute(queries.staged_keys))
        keys = zip(*(parsed.values[name] for name in parsed.feed.key), strict=True)
        kept = np.array([key in staged for key in keys], dtype=np.bool_)
        done = {refusal.line_no for refusal in refused}
        refusals = []
        for row in parsed.rows_without(kept):
            line_no = parsed.raw.lines[row]
            if line_no not in done:
                error = older_than_head(origin.known_at, newer.get(line_no, latest))
                refusals.append(refuse(parsed.raw, origin.file_name, row, None, None, error))
        return refusals

    def _take_out_of_step(self, parsed: ParsedTable, origin: Origin) -> list[Refusal]:
        """Take the records out that do not continue their subject's history."""
        raw_row = {line_no: row for row, line_no in enumerate(parsed.raw.lines)}
        return [
            refuse(parsed.raw, origin.file_name, raw_row[line_no], *fault)
            for line_no, fault in take_out_of_step(self._pg, parsed.feed).items()
        ]

    def _is_newest(self, feed: Feed, known_at: datetime) -> bool:
        """True when no batch of the feed is newer, which spares most deliveries the look at every key."""
        found = self._pg.execute(_HAS_NEWER, (feed.name, known_at), prepare=True).fetchone()
        return found == (False,)

    def _write(
        self, parsed: ParsedTable, queries: FeedSql, origin: Origin, refusals: list[Refusal]
    ) -> BatchReport:
        """Insert batch, landed records, flags and quarantined rows."""
        feed = parsed.feed
        quarantined = len(refusals)
        landed = parsed.delivered - quarantined
        batch_id, batch_seq = self._add_batch(feed, origin, parsed.delivered, quarantined)
        if landed:
            statement = queries.land
            if queries.land_with_flags is not None and has_flags(parsed):
                statement = queries.land_with_flags
            self._pg.execute(statement, {"batch_id": batch_id, "source": origin.source}, prepare=True)
            self._empty_stage(feed, queries, landed)
        if refusals:
            self._quarantine(batch_id, refusals)
        refused = {refusal.line_no for refusal in refusals}
        return BatchReport(
            feed.name,
            origin.file_name,
            origin.sheet,
            "partly" if refusals else "landed",
            batch_id,
            batch_seq,
            parsed.delivered,
            landed,
            quarantined,
            sorted(refusals, key=lambda refusal: refusal.line_no or 0),
            [finding for finding in parsed.findings if finding.line_no not in refused],
        )

    def _add_batch(self, feed: Feed, origin: Origin, delivered: int, quarantined: int) -> tuple[int, int]:
        """Insert the delivery into the batch ledger; its id and number."""
        batch = self._pg.execute(
            _ADD_BATCH,
            {
                "feed": feed.name,
                "source": origin.source,
                "file_name": origin.file_name,
                "sha256": origin.sha256,
                "again": origin.again,
                "known_at": origin.known_at,
                "delivered": delivered,
                "landed": delivered - quarantined,
                "quarantined": quarantined,
            },
        ).fetchone()
        assert batch is not None
        return numbers(batch)

    def _empty_stage(self, feed: Feed, queries: FeedSql, rows: int) -> None:
        """Empty the stage table for the next delivery.

        Not by ON COMMIT DELETE ROWS, which truncates the files of every stage table of the session at every
        commit. Nothing vacuums a temporary table, so deleted rows are truncated away when there are many.
        """
        self._staged[feed] += rows
        if self._staged[feed] > _STAGE_ROWS:
            self._pg.execute(queries.truncate_stage)
            self._staged[feed] = 0
        else:
            self._pg.execute(queries.empty_stage, prepare=True)

    def _quarantine(self, batch_id: int, refusals: Iterable[Refusal]) -> None:
        """Write one quarantine row per refused record."""
        with self._pg.cursor() as cursor, cursor.copy(_QUARANTINE) as copy:
            for r in refusals:
                texts = (r.field, r.value, r.raw, r.code, r.message)
                copy.write_row((batch_id, r.line_no, *map(_storable, texts)))


def days_of(parsed: ParsedTable) -> set[date]:
    """Days that decide the partitions of a delivery's records."""
    column = parsed.feed.month_column
    return {day for day in parsed.values[column] if isinstance(day, date)} if column else set()


def has_flags(parsed: ParsedTable) -> bool:
    """True when a record has a missing slot or was estimated at source."""
    missing = parsed.missing is not None and bool(parsed.missing.any())
    return missing or "estimated" in parsed.values.get("quality", ())


def _storable(text: str | None) -> str | None:
    """Text for the database, see ``storable``."""
    return None if text is None else storable(text)

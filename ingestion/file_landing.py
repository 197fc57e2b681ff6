"""Land a file of any size: block by block into memory or the stage table, then in one transaction.

Reading and checking need neither lock nor transaction. A delivery of keys that have never landed, which is
what a normal day is, goes straight into the landing table as version 1; the primary key itself proves that
the keys are new. Every other delivery goes through the stage table, where repeated, unchanged and older
records are taken out in SQL; their lines are then read from the file again for the quarantine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from psycopg.errors import UniqueViolation

from ingestion.csv_file import Block, CsvFile, PlainBlock
from ingestion.feeds.base import Feed
from ingestion.headers import check_header
from ingestion.landing import FIND_BATCH, LOCK_KEY, Lander, Origin, days_of, has_flags
from ingestion.landing_sql import EMPTY_TAKEN, MAKE_TAKEN, READ_TAKEN, FeedSql, statements
from ingestion.landing_steps import Refused, note_refused, take_out_of_step
from ingestion.outcome import UNCHANGED, duplicate, older_than_head
from ingestion.packing import pack_bigint, pack_stream, pack_value
from ingestion.parsing import ParsedTable, key_of, parse_records, refuse, repeats
from ingestion.plain import parse_plain
from ingestion.refusals import RefusalLog
from ingestion.report import REPORTED, BatchReport, Finding, Refusal

HELD_ROWS: Final = 60_000
"""Records that are held in memory, about 1 kB each; a larger delivery is staged as it is read."""

_PROBES: Final = 16
Parse = Callable[[Feed, Block, str], ParsedTable]


@dataclass
class Delivered:
    """What has been read of a file: ``held`` blocks, or (when ``staged``) rows of the stage table."""

    feed: Feed
    file: CsvFile
    origin: Origin
    log: RefusalLog[Refusal]
    rows: int = 0
    landable: int = 0
    held: list[ParsedTable] = field(default_factory=list)
    staged: bool = False
    flagged: bool = False
    days: set[date] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    more_findings: int = 0
    out_of_step: Refused = field(default_factory=dict)

    def add(self, parsed: ParsedTable) -> None:
        """Count a block, hold what can land of it, log what cannot."""
        self.rows += parsed.delivered
        self.landable += len(parsed.lines)
        self.log.add(parsed.refusals)
        self.find(parsed.findings)
        self.days |= days_of(parsed)
        self.flagged = self.flagged or has_flags(parsed)
        if parsed.lines:
            self.held.append(parsed)

    def find(self, findings: Sequence[Finding]) -> None:
        """Keep the first findings, count the others."""
        room = max(REPORTED - len(self.findings), 0)
        self.findings += findings[:room]
        self.more_findings += len(findings) - len(findings[:room])


def parse_block(feed: Feed, block: Block, file_name: str) -> ParsedTable:
    """Records of one block, the quick way where nothing is odd; repeated keys are left to the stage table."""
    quick = parse_plain(feed, block, file_name) if isinstance(block, PlainBlock) else None
    return quick or parse_records(feed, block.raw(), file_name, checks_duplicates=False)


class FileLander(Lander):
    """A lander that also takes files block by block."""

    def land_file(self, feed: Feed, file: CsvFile, origin: Origin, parse: Parse = parse_block) -> BatchReport:
        """Land a CSV file; raises FileRefused and psycopg.Error, and then nothing of it is there."""
        queries = statements(feed)
        with RefusalLog[Refusal]() as log:
            read = Delivered(feed, file, origin, log)
            read.find(check_header(feed, file.header, file.header_line, origin.file_name))
            self._prepare(feed, queries, set())
            if feed in self._dirty:
                self._clear(feed, queries)
            for block in file.blocks():
                read.add(parse(feed, block, origin.file_name))
                if read.landable > HELD_ROWS:
                    self._stage(read, queries)
            file.content.check_unchanged()
            self._prepare(feed, queries, read.days)
            with self._pg.transaction():
                return self._land_read(read, queries)

    def _land_read(self, read: Delivered, queries: FeedSql) -> BatchReport:
        """Land what was read, under the lock."""
        feed, origin = read.feed, read.origin
        self._pg.execute("select pg_advisory_xact_lock(%s)", (LOCK_KEY,))
        found = self._pg.execute(FIND_BATCH, (feed.name, origin.sha256)).fetchone()
        if found and self._lies_there(feed, origin):
            return duplicate(feed, origin, found)
        if not found and (report := self._go_straight(read, queries)):
            return report
        self._stage(read, queries)
        self._take_out(read, queries)
        if found:
            if self._pg.execute(queries.any_staged).fetchone() is None:
                older: list[Finding] = [r for r in read.log.reported() if r.code == "OLDER_THAN_HEAD"]
                return replace(duplicate(feed, origin, found), flags=older)
            self._went_back.add(feed.name)
        return self._land_staged(read, queries, replace(origin, again=found is not None))

    def _stage(self, read: Delivered, queries: FeedSql) -> None:
        """Move the held blocks into the stage table."""
        for parsed in read.held:
            self._dirty.add(read.feed)
            read.staged = True
            self._copy(queries.copy, pack_stream(parsed))
        read.held.clear()

    def _go_straight(self, read: Delivered, queries: FeedSql) -> BatchReport | None:
        """Land everything as version 1; None (and nothing is there) when one of the keys is not new."""
        feed = read.feed
        if read.staged or read.flagged or not read.held or queries.straight is None:
            return None
        for parsed in read.held:
            if self._pg.execute(queries.known_among, _some_keys(parsed)).fetchone() == (True,):
                return None
        try:
            with self._pg.transaction():
                batch = self._add_batch(feed, read.origin, read.rows, len(read.log))
                source = (pack_value(read.origin.source),) if feed.keeps_source else ()
                leading = (*source, pack_value(1), pack_bigint(batch[0]))
                for parsed in read.held:
                    self._copy(queries.straight, pack_stream(parsed, leading))
        except UniqueViolation:
            return None
        return self._close(read, batch)

    def _take_out(self, read: Delivered, queries: FeedSql) -> None:
        """Take repeated, unchanged, older and impossible records out of the stage table and refuse them."""
        if not read.staged:
            return
        self._pg.execute(MAKE_TAKEN)
        taken = self._pg.execute(queries.note_repeated).rowcount
        if taken:
            self._pg.execute(queries.compare_repeated)
            self._pg.execute(queries.take_repeated)
        taken += self._pg.execute(queries.note_unchanged, prepare=True).rowcount
        known_at = read.origin.known_at
        if known_at is not None and not self._is_newest(read.feed, known_at):
            taken += self._pg.execute(queries.note_older, {"known_at": known_at}).rowcount
        read.out_of_step = take_out_of_step(self._pg, read.feed)
        if read.out_of_step:
            taken += note_refused(self._pg, read.out_of_step)
        if taken:
            read.log.add(self._refused(read))
            self._pg.execute(EMPTY_TAKEN)
            read.landable -= taken

    def _refused(self, read: Delivered) -> Iterator[Refusal]:
        """Refusals of the records that were taken out, with their text from the file."""
        with self._pg.cursor() as cursor:
            rows = cursor.stream(READ_TAKEN)
            row = next(rows, None)
            for block in read.file.blocks():
                taken: dict[int, tuple[object, ...]] = {}
                while row is not None and (line_no := int(str(row[0]))) <= block.last_line:
                    taken[line_no] = row
                    row = next(rows, None)
                if taken:
                    yield from _refuse_block(read, block, taken)

    def _land_staged(self, read: Delivered, queries: FeedSql, origin: Origin) -> BatchReport:
        """Insert the batch and what is left in the stage table."""
        batch = self._add_batch(read.feed, origin, read.rows, len(read.log))
        if read.landable:
            flags = queries.land_with_flags if read.flagged else None
            statement = flags or queries.land
            self._pg.execute(statement, {"batch_id": batch[0], "source": origin.source}, prepare=True)
            self._empty_stage(read.feed, queries, read.landable)
        self._dirty.discard(read.feed)
        return self._close(read, batch)

    def _close(self, read: Delivered, batch: tuple[int, int]) -> BatchReport:
        """Quarantine what was refused, and report."""
        if len(read.log):
            self._quarantine(batch[0], read.log)
        refusals = read.log.reported()
        return BatchReport(
            read.feed.name,
            read.origin.file_name,
            read.origin.sheet,
            "partly" if refusals else "landed",
            *batch,
            read.rows,
            read.rows - len(read.log),
            len(read.log),
            refusals,
            read.findings,
            len(read.log) - len(refusals),
            read.more_findings,
        )


def _some_keys(parsed: ParsedTable) -> list[list[object]]:
    """Keys of a few records, a list for each column of the key."""
    step = max(len(parsed.lines) // _PROBES, 1)
    return [list(parsed.values[name][::step]) for name in parsed.feed.key]


def _refuse_block(read: Delivered, block: Block, taken: Mapping[int, tuple[object, ...]]) -> list[Refusal]:
    """Refusals of the block's records that were taken out; their findings are withdrawn."""
    file_name = read.origin.file_name
    parsed = parse_records(read.feed, block.raw(taken), file_name, checks_duplicates=False)
    read.findings = [finding for finding in read.findings if finding.line_no not in taken]
    refusals = []
    for row, line_no in enumerate(parsed.lines):
        key: tuple[str | None, str | None] = key_of(read.feed, parsed.values, row)
        _, code, first_line, is_same, known_at = taken[line_no]
        error = UNCHANGED
        if code == "DUPLICATE_IN_FILE":
            error = repeats(int(str(first_line)), bool(is_same))
        elif code == "OLDER_THAN_HEAD":
            assert read.origin.known_at is not None
            key, error = (None, None), older_than_head(read.origin.known_at, known_at)
        elif line_no in read.out_of_step:
            field_name, value, error = read.out_of_step[line_no]
            key = (field_name, value)
        refusals.append(refuse(parsed.raw, file_name, row, *key, error))
    return refusals

"""A source's large file, read once into parts, and each part as a table of meter days.

What the whole file decides (its header, begin or end labels, the meaning of midnight) is decided before its
records are sorted into parts; everything else concerns one meter day, or one register, alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from typing import Any, Final
from zlib import crc32

import numpy as np

from ingestion.content import Content
from ingestion.csv_file import CsvFile, UnclosedQuote
from ingestion.feeds.columns import CellError
from ingestion.formats.long import long_days, place_of, stamp_texts
from ingestion.formats.parts import LARGEST_PART, PART_BYTES, Parts, part_count
from ingestion.formats.profile import SourceProfile
from ingestion.formats.readings import check_midnight, decide_label
from ingestion.formats.shaped import ShapedTable, shape
from ingestion.formats.source_file import SourceTable, check_header_row, header_as_written
from ingestion.formats.spool import spooled
from ingestion.formats.stamps import Stamp, parse_stamp
from ingestion.formats.units import Ints
from ingestion.formats.wide import wide_days
from ingestion.readers import BrokenLine, RawTable, under_header

_MOST_NUMBERED: Final = 100_000


@dataclass(frozen=True)
class Sizes:
    """Bytes of a block, of a part, and of the largest part that is taken."""

    block: int = 4 << 20
    part: int = PART_BYTES
    largest: int = LARGEST_PART


@dataclass
class ShapedFile:
    """A file in parts; its tables may be asked for more than once and are the same each time."""

    parts: Parts
    profile: SourceProfile
    file_name: str
    header: list[str]
    header_line: int
    names: list[str]

    def tables(self) -> Iterator[ShapedTable]:
        """Meter days of each part; of a file without records, one empty table."""
        empty = True
        for pieces in self.parts:
            empty = False
            lines = [line for numbers, _, _ in pieces for line in numbers]
            rows = [row for _, cells, _ in pieces for row in cells]
            broken = [BrokenLine(*one) for _, _, ones in pieces for one in ones]
            del pieces
            raw = under_header(self.header, self.header_line, list(zip(lines, rows, strict=True)), broken)
            yield shape_table(SourceTable(raw, self.names), self.file_name, self.profile)
        if empty:
            yield shape_table(self.table([]), self.file_name, self.profile)

    def table(self, records: list[tuple[int, list[str]]]) -> SourceTable:
        """Some records under the file's header."""
        return SourceTable(under_header(self.header, self.header_line, records), self.names)


def shape_table(source: SourceTable, file_name: str, profile: SourceProfile) -> ShapedTable:
    """Meter days of a table; FileRefused when it cannot be read in exactly one way."""
    days = wide_days(source, profile) if profile.layout == "wide" else long_days(source, profile)
    return shape(source.raw, file_name, days)


@contextmanager
def shaped_file(
    content: Content, file_name: str, profile: SourceProfile, sizes: Sizes
) -> Iterator[ShapedFile]:
    """Read a CSV file into parts; FileRefused as the whole file would be."""
    count = part_count(content.size, sizes.part)
    with spooled(content, profile, sizes.block) as spool, Parts(count, sizes.largest) as parts:
        try:
            shaped = _read(spool, CsvFile(spool), parts, file_name, profile, sizes)
        except UnclosedQuote:
            # one unclosed quote would swallow the rest of the file, so take each line on its own
            parts.clear()
            by_line = CsvFile(spool, by_line=True)
            shaped = _read(spool, by_line, parts, file_name, profile, sizes)
        yield shaped


def _read(
    spool: Content, file: CsvFile, parts: Parts, file_name: str, profile: SourceProfile, sizes: Sizes
) -> ShapedFile:
    """Decide what the whole file decides, then sort its records."""
    check_header_row(profile, file.header_line)
    names = header_as_written(file.header, _line(spool, file.header_line))
    shaped = ShapedFile(parts, profile, file_name, file.header, file.header_line, names)
    shape_table(shaped.table([]), file_name, profile)  # a header that cannot be read refuses the file here
    if profile.layout == "long":
        label = _decide(shaped, file, sizes)
        shaped.profile = profile.model_copy(update={"label": label})
    key = _Key(shaped)
    for block in file.blocks(sizes.block):
        raw = block.raw()
        _sort(raw, key.of(SourceTable(raw, names)) % parts.count, parts)
    return shaped


def _line(spool: Content, number: int) -> str:
    """One line of the file, without its end."""
    with spool.open() as file:
        for _ in range(number - 1):
            file.readline()
        return file.readline().decode("utf-8", "replace").removeprefix("\ufeff").removesuffix("\n")


def _decide(shaped: ShapedFile, file: CsvFile, sizes: Sizes) -> str:
    """Label of the file's stamps; FileRefused when label or midnight cannot be told."""
    profile = shaped.profile
    is_register = profile.values == "cumulative_register"
    label: str | None = "end" if is_register else profile.label
    if label == "begin" or (label == "end" and profile.time.midnight is not None):
        return label
    telling: dict[str, Stamp] = {}  # the first stamp, the first 00:00 and the first 24:00, in their order
    seen: set[int] = set()
    for block in file.blocks(sizes.block):
        for text in dict.fromkeys(stamp_texts(SourceTable(block.raw(), shaped.names), profile)):
            try:
                stamp = parse_stamp(text, profile.time.format)
            except CellError:
                continue
            if not telling or (stamp.minute in (0, 1440) and stamp.minute not in seen):
                telling[text] = stamp
                seen.add(stamp.minute)
    if label is None:
        label = decide_label(telling, profile, file.header_line) if telling else "end"
    check_midnight(telling, profile, label, file.header_line)
    return label


@dataclass
class _Key:
    """Numbers that are equal for records that must be judged together."""

    shaped: ShapedFile
    numbers: dict[str, int] = field(default_factory=dict)

    def of(self, table: SourceTable) -> Ints:
        """A number for each row: of its point, of its day, or of both."""
        profile = self.shaped.profile
        number = np.zeros(len(table.raw.lines), dtype=np.int64)
        if profile.metering_point.column is not None:
            texts = table.texts(table.position(profile.metering_point.column, "metering_point.column"))
            number += np.array([self._number(text) for text in texts], dtype=np.int64)
        if profile.values == "cumulative_register" and profile.layout == "long":
            return number
        if profile.layout == "wide":
            texts = table.texts(table.position(profile.time.column, "time.column"))
        else:
            texts = stamp_texts(table, profile)
        days = {text: self._day(text) for text in set(texts)}
        number += np.array([days[text] for text in texts], dtype=np.int64)
        return number

    def _number(self, text: str) -> int:
        """Points are numbered as they come, which spreads them evenly; very many spread by themselves."""
        if len(self.numbers) < _MOST_NUMBERED:
            return self.numbers.setdefault(text, len(self.numbers))
        found = self.numbers.get(text)
        return crc32(text.encode("utf-8", "surrogatepass")) if found is None else found

    def _day(self, text: str) -> int:
        """Day of a stamp; one that cannot be read is refused wherever it goes."""
        profile = self.shaped.profile
        try:
            stamp = parse_stamp(text, profile.time.format) if text else Stamp(0, 0)
            if profile.layout == "wide":
                return stamp.day
            return place_of(stamp, profile, str(profile.label)) // profile.intervals
        except CellError:
            return 0


def _sort(raw: RawTable, part: Ints, parts: Parts) -> None:
    """Put each record, and each line that is none, into its part."""
    lines = np.array(raw.lines, dtype=np.int64)
    order = np.argsort(part, kind="stable")
    cuts = np.flatnonzero(np.diff(part[order])) + 1
    for rows in np.split(order, cuts):
        if len(rows):
            parts.add(int(part[rows[0]]), (lines[rows].tolist(), raw.cells[rows].tolist(), []))
    for line in raw.broken:
        one: tuple[Any, ...] = astuple(line)
        parts.add(line.line_no % parts.count, ([], [], [one]))

"""A CSV delivery as a header and blocks of records, so that its size does not matter.

Records are Python's csv records (a quoted cell may span lines). A file with an unclosed quote is read a
second time, each physical line on its own: ``UnclosedQuote`` tells the caller to do so.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingestion.content import Content
from ingestion.csv_lines import CsvLines, decode
from ingestion.readers import (
    BrokenLine,
    RawTable,
    broken_csv,
    header_names,
    no_header,
    physical_lines,
    under_header,
)

BLOCK_BYTES: Final = 8 << 20
"""A block of plain lines; 12,000 meter days. As text cells it takes about ten times that."""

_CAREFUL_BYTES: Final = 2 << 20
Records = list[tuple[int, list[str]]]


class UnclosedQuote(Exception):
    """The file is no valid CSV as a whole."""


@dataclass(frozen=True)
class PlainBlock:
    """Whole lines without a quote: line ``first_line + n`` is record n, unless it is blank."""

    header: list[str]
    header_line: int
    first_line: int
    offset: int
    data: bytes

    def raw(self, only: Collection[int] | None = None) -> RawTable:
        """The records as texts; ``only`` names the lines that are wanted."""
        text = decode(self.data, self.offset, self.first_line - 1)
        lines = [line.removesuffix("\r") for line in text.split("\n")]
        numbers: Iterable[int] = range(self.first_line, self.first_line + len(lines))
        if only is not None:
            numbers = sorted(only)
            lines = [lines[line_no - self.first_line] for line_no in numbers]
        try:
            records = list(zip(numbers, csv.reader(lines), strict=True))
        except csv.Error as error:
            raise UnclosedQuote from error  # a cell beyond the csv module's limit
        return under_header(self.header, self.header_line, [(no, row) for no, row in records if _filled(row)])

    @property
    def last_line(self) -> int:
        """Its last line."""
        return self.first_line + self.data.count(b"\n") - self.data.endswith(b"\n")


@dataclass(frozen=True)
class ReadBlock:
    """Records that were read with care for quotes and line ends."""

    table: RawTable

    @property
    def last_line(self) -> int:
        """The first line of its last record; 0 without records."""
        return self.table.lines[-1] if self.table.lines else 0

    def raw(self, only: Collection[int] | None = None) -> RawTable:
        """The records; ``only`` names the lines that are wanted."""
        if only is None:
            return self.table
        rows = [row for row, line_no in enumerate(self.table.lines) if line_no in only]
        cells = self.table.cells[np.array(rows, dtype=np.int64)]
        lines = [self.table.lines[row] for row in rows]
        return RawTable(self.table.header, self.table.header_line, cells, lines)


Block = PlainBlock | ReadBlock


class CsvFile:
    """A CSV file under its header. ``by_line``: each physical line is a record of its own."""

    def __init__(self, content: Content, *, by_line: bool = False) -> None:
        """Read the header; raises FileRefused without one, UnclosedQuote (never when ``by_line``)."""
        self.content, self._by_line = content, by_line
        self.header_line, names = self._skip_header(CsvLines(content.open()))
        self.header = header_names(names)

    def blocks(self, size: int = BLOCK_BYTES) -> Iterator[Block]:
        """All records, in order, from the first one; may be called again. Raises as ``__init__``."""
        lines = CsvLines(self.content.open())
        if self._by_line:
            yield from self._by_lines(lines, size)
            return
        self._skip_header(lines)
        while True:
            first, offset = lines.line_no + 1, lines.offset
            data = lines.take_plain(size)
            if data:
                yield PlainBlock(self.header, self.header_line, first, offset, data)
            elif data is None:
                yield ReadBlock(under_header(self.header, self.header_line, _careful(lines)))
            else:
                return

    def check_encoding(self) -> None:
        """FileRefused when the file is not UTF-8, which explains more than a header that does not fit."""
        lines = CsvLines(self.content.open())
        while text := lines.take_text(1 << 20):
            lines.line_no += text.count("\n")

    def start(self, rows: int) -> RawTable:
        """The first records, for a message about what the file looks like."""
        for block in self.blocks(64 << 10):
            raw = block.raw()
            return RawTable(raw.header, raw.header_line, raw.cells[:rows], raw.lines[:rows])
        return under_header(self.header, self.header_line, [])

    def _skip_header(self, lines: CsvLines) -> tuple[int, list[str]]:
        """Line and cells of the first record that is not blank."""
        if self._by_line:
            for records, broken in _line_records(lines, 64 << 10):
                if records and not (broken and broken[0].line_no < records[0][0]):
                    return records[0]
                if records or broken:
                    break
            raise no_header()
        for record in _records(lines):
            return record
        raise no_header()

    def _by_lines(self, lines: CsvLines, size: int) -> Iterator[Block]:
        """Blocks of physical lines."""
        for records, broken in _line_records(lines, max(size // 4, 1)):
            records = [(no, row) for no, row in records if no != self.header_line]
            yield ReadBlock(under_header(self.header, self.header_line, records, broken))


def _records(lines: CsvLines) -> Iterator[tuple[int, list[str]]]:
    """Non-blank records with their first line; no line is consumed beyond the last one taken."""
    first = lines.line_no + 1
    try:
        for record in csv.reader(lines.each(), strict=True):
            if _filled(record):
                yield first, record
            first = lines.line_no + 1
    except csv.Error as error:
        raise UnclosedQuote from error


def _careful(lines: CsvLines) -> Records:
    """About ``_CAREFUL_BYTES`` of records."""
    records: Records = []
    until = lines.offset + _CAREFUL_BYTES
    for record in _records(lines):
        records.append(record)
        if lines.offset >= until:
            break
    return records


def _line_records(lines: CsvLines, size: int) -> Iterator[tuple[Records, list[BrokenLine]]]:
    """Each physical line as a record; a line that is not valid CSV by itself is broken."""
    number = 0
    while text := lines.take_text(size):
        records: Records = []
        broken: list[BrokenLine] = []
        for line in physical_lines(text):
            number += 1
            if not line.strip():
                continue
            try:
                records.append((number, next(csv.reader([line], strict=True))))
            except csv.Error as error:
                broken.append(broken_csv(number, line, error))
        lines.line_no = number
        yield records, broken


def _filled(row: list[str]) -> bool:
    return any(cell.strip() for cell in row)

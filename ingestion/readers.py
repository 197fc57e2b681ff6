"""Bytes to raw text: CSV (UTF-8) and XLSX sheets become a matrix of cell texts with their line numbers.

Nothing is interpreted here; a cell's text is what a person sees in the file. A numpy matrix of texts stands
for a frame: building a pandas frame of 100 text columns costs more than parsing a 40-row file.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt
from openpyxl import load_workbook

from ingestion.report import FileRefused

_LAST_ROW = 1_048_576
MOST_CELLS: Final = 4_500_000
"""Cells of a workbook: four columns of as many rows as a sheet has, or 45,000 meter days.

A cell takes 70 to 120 bytes as a feed's, up to 210 as one of a source profile: together less than 1 GB.
"""

_MOST_SHARED: Final = 100_000
Cells = npt.NDArray[np.object_]


@dataclass(frozen=True)
class BrokenLine:
    """A record that cannot be put under the header: its line, its text, and why."""

    line_no: int
    raw: str
    code: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class RawTable:
    """A header and its records: ``cells`` has shape (records, header columns), ``lines`` their numbers."""

    header: list[str]
    header_line: int
    cells: Cells
    lines: list[int]
    broken: list[BrokenLine] = field(default_factory=list)
    sheet: str | None = None

    def fingerprint(self) -> str:
        """SHA-256 of header and cells: equal for two workbooks that differ only in layout or other sheets."""
        digest = hashlib.sha256("\x1f".join(self.header).encode())
        for row in self.cells.tolist():
            digest.update(b"\x1e" + "\x1f".join(row).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def read_csv(content: bytes) -> RawTable:
    """Read a comma-separated file, UTF-8 with or without a byte-order mark.

    Raises FileRefused when the bytes are not UTF-8 or there is no header. A record with the wrong number of
    cells, or a line with an unclosed quote, is a BrokenLine; the other records stay readable.
    """
    text = _decode(content)
    try:
        records = _records(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        # one unclosed quote would swallow the rest of the file, so take each line on its own
        return _table(*_records_by_line(text))
    return _table(records, [])


def read_workbook(content: bytes) -> dict[str, RawTable]:
    """Read every non-empty sheet of an XLSX workbook, by its stripped lower-case name.

    Numbers appear with the 15 digits Excel keeps, dates as 2026-09-30, a formula as its last stored value.
    Raises FileRefused when the bytes are not a workbook.
    """
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets: dict[str, RawTable] = {}
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # some writers store a wrong extent, which would cut rows off silently
            left = MOST_CELLS - sum(raw.cells.size for raw in sheets.values())
            filled = _filled_rows(sheet.iter_rows(values_only=True), sheet.title, left)
            if filled:
                sheets[sheet.title.strip().lower()] = _sheet_table(filled, sheet.title)
        workbook.close()
    except FileRefused:
        raise
    except Exception as error:  # openpyxl raises whatever the damaged part of the archive provokes
        raise FileRefused(
            "UNREADABLE_WORKBOOK",
            f"is not a readable XLSX workbook ({type(error).__name__}: {error})",
            "open it in Excel and save it again as .xlsx",
        ) from error
    return sheets


def _filled_rows(rows: Iterable[Sequence[object]], title: str, most: int) -> list[tuple[int, list[str]]]:
    """Rows that hold anything, with their number; FileRefused for a sheet of more than ``most`` cells.

    A damaged file may number its only row 99,999,999, and one stray cell far right makes every row as wide.
    """
    filled: list[tuple[int, list[str]]] = []
    shared: dict[str, str] = {}  # equal texts are kept once
    widest = 0
    for number, row in enumerate(rows, start=1):
        texts = _trim([_cell_text(value) for value in row])
        if len(shared) < _MOST_SHARED:
            texts = [shared.setdefault(text, text) for text in texts]
        else:
            texts = [shared.get(text, text) for text in texts]
        if number > _LAST_ROW:
            raise _too_large(title, f"has a row beyond {_LAST_ROW:,}, the last that a sheet has")
        if texts:
            widest = max(widest, len(texts))
            filled.append((number, texts))
            if widest * len(filled) > most:
                wide = f"is {widest:,} columns wide in {len(filled):,} rows and more"
                raise _too_large(title, f"{wide}, and a workbook may hold {MOST_CELLS:,} cells")
    return filled


def _too_large(title: str, problem: str) -> FileRefused:
    """Refusal of a sheet that no person filled, or that is better delivered as CSV."""
    return FileRefused(
        "UNREADABLE_WORKBOOK",
        f"has a sheet {title!r} that {problem}",
        "delete stray cells right of and below the table, and save it again as .xlsx; deliver a table that "
        "is really so large as 'CSV UTF-8', which may have any size",
    )


def _sheet_table(filled: list[tuple[int, list[str]]], sheet: str) -> RawTable:
    """Split header from records, which are released as they are taken.

    A sheet has no cell count: it is padded, and values right of the header are a column without a name.
    """
    header_line, names = filled[0]
    header = header_names(names)
    widest = max(len(header), *(len(row) for _, row in filled))
    header += [""] * (widest - len(header))
    lines = [line_no for line_no, _ in filled[1:]]
    cells = np.full((len(lines), widest), "", dtype=object)
    for at in range(len(lines)):
        _, row = filled[at + 1]
        cells[at, : len(row)] = row
        row.clear()
    return RawTable(header, header_line, cells, lines, [], sheet)


def _decode(content: bytes) -> str:
    """UTF-8 text, or FileRefused naming the line of the first wrong byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(
            "NOT_UTF8",
            f"byte 0x{content[error.start]:02x} at position {error.start} is not UTF-8 (GBK or binary?)",
            "save the file as 'CSV UTF-8' and deliver it again",
            line_no=content.count(b"\n", 0, error.start) + 1,
        ) from error


def _records(reader: csv.Reader) -> list[tuple[int, list[str]]]:  # type: ignore[name-defined]
    """Non-blank records with the number of their first line."""
    records = []
    last_line = 0
    for record in reader:
        if any(cell.strip() for cell in record):
            records.append((last_line + 1, record))
        last_line = reader.line_num
    return records


def _records_by_line(text: str) -> tuple[list[tuple[int, list[str]]], list[BrokenLine]]:
    """Take each physical line as a record; a line that is not valid CSV by itself is broken."""
    records: list[tuple[int, list[str]]] = []
    broken: list[BrokenLine] = []
    for number, line in enumerate(physical_lines(text), start=1):
        if not line.strip():
            continue
        try:
            records.append((number, next(csv.reader([line], strict=True))))
        except csv.Error as error:
            broken.append(broken_csv(number, line, error))
    return records, broken


def physical_lines(text: str) -> list[str]:
    """Lines as the csv module counts them; ``str.splitlines`` also cuts at form feeds and their like."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def broken_csv(number: int, line: str, error: csv.Error) -> BrokenLine:
    """A line that is not valid CSV by itself."""
    remedy = 'close every quote, and write a quote inside text as ""'
    return BrokenLine(number, line, "UNPARSABLE_LINE", f"is not valid CSV ({error})", remedy)


def _table(records: list[tuple[int, list[str]]], broken: list[BrokenLine]) -> RawTable:
    """Split header from records; records that do not fit under the header are broken."""
    if not records or (broken and broken[0].line_no < records[0][0]):
        raise no_header()
    header_line, names = records[0]
    return under_header(header_names(names), header_line, records[1:], broken)


def no_header() -> FileRefused:
    """The refusal of a file without a header."""
    return FileRefused(
        "NO_HEADER", "has no header row", "put the column names of the feed into the first line", line_no=1
    )


def header_names(cells: list[str]) -> list[str]:
    """Column names of a header row: stripped, in lower case, without blank ones at the end."""
    return [name.strip().lower() for name in _trim(cells)]


def under_header(
    header: list[str],
    header_line: int,
    records: list[tuple[int, list[str]]],
    broken: Sequence[BrokenLine] = (),
) -> RawTable:
    """Records as a table; those that do not fit under the header are broken."""
    width = len(header)
    lines, rows = [], []
    unfit = list(broken)
    for line_no, row in records:
        if len(row) < width or (len(row) > width and len(_trim(row)) > width):
            unfit.append(_wrong_width(line_no, row, width))
        else:
            lines.append(line_no)
            rows.append(row[:width])
    cells = np.array(rows, dtype=object) if rows else np.empty((0, width), dtype=object)
    return RawTable(header, header_line, cells, lines, unfit)


def _wrong_width(line_no: int, row: list[str], width: int) -> BrokenLine:
    """A CSV record whose cells cannot be assigned to columns without guessing."""
    return BrokenLine(
        line_no,
        as_csv(row),
        "WRONG_CELL_COUNT",
        f"has {len(row)} cells where the header has {width}",
        "write one cell per column of the header, blank ones included, and quote text that holds a comma",
    )


def _trim(row: list[str]) -> list[str]:
    """Without blank cells at the end."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def as_csv(row: list[str]) -> str:
    """One record as CSV text, for quarantine."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    return out.getvalue()


def _cell_text(value: object) -> str:
    """Text of a typed workbook cell, as Excel shows it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

"""Damaged deliveries for the fuzz test: rows and cells of a table, then the encoding, then single bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import openpyxl
from hypothesis import strategies as st

Table = list[list[str]]

JUNK = [
    "",
    " ",
    "-1",
    "1e9",
    "NaN",
    "inf",
    "0.0001",
    "9" * 40,
    "99999999999999999999",
    "2026-09-31",
    "24:00",
    "2026-09-01 24:00",
    "9999-12-31 24:00",
    "46296.0104166667",
    "99999",
    "00000",
    "=1+1",
    "#N/A",
    "万",
    "\x00",
    "\ud7ff",
    "\u2028",
    "a\nb",
    'a"b',
    "a,b",
    ";",
    "\t",
    "y" * 40_000,
    "x" * 200_000,
    "+5",
    "-0",
    "١٢",
    "TRUE",
]
CELLS: list[object] = [
    None,
    True,
    False,
    0,
    -5,
    10**15,
    1e308,
    1e-12,
    0.1 + 0.2,
    46296,
    46296.0104166667,
    99999,
    -3.5,
    datetime(2026, 9, 1),
    datetime(2026, 9, 1, 23, 59, 59, 999_999),
    datetime(1900, 1, 1),
    datetime(9999, 12, 31),
    date(2026, 9, 1),
    time(0, 15),
    timedelta(days=1, minutes=15),
    "=1/0",
    "=A1",
    "#DIV/0!",
    "2026-09-31",
    "24:00",
    "万",
    "x" * 32_000,
    " ",
    "a\nb",
]
_SHARE = st.floats(0, 1, exclude_max=True)
_BYTES = st.sampled_from(
    [
        b"",
        b"\n",
        b"\r",
        b",",
        b'"',
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xfe\xff",
        b"PK\x03\x04",
        b"100,NEM12",
    ]
) | st.binary(max_size=8)
SALT = st.integers(0, 10**6)  # other records each time, so that they land instead of being known
ROW_EDITS = st.lists(st.tuples(st.sampled_from(["cut", "repeat", "swap"]), _SHARE, _SHARE), max_size=3)
CELL_EDITS = st.lists(st.tuples(_SHARE, _SHARE, st.sampled_from(JUNK)), max_size=3)
WORKBOOK_EDITS = st.lists(st.tuples(_SHARE, _SHARE, st.sampled_from(CELLS)), max_size=4)
# most examples keep bytes and encoding whole, because those that do not are mostly refused at the first look
_SOME_BYTES = st.lists(st.tuples(_SHARE, st.integers(0, 40), _BYTES), min_size=1, max_size=3)
BYTE_EDITS = st.integers(0, 4).flatmap(lambda kind: _SOME_BYTES if kind == 4 else st.just([]))
_OTHER = ("utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le")
ENCODINGS = st.integers(0, 14).map(lambda kind: _OTHER[kind - 10] if kind >= 10 else "utf-8")
RowEdits = Sequence[tuple[str, float, float]]


def edit_rows(table: Table, edits: RowEdits) -> Table:
    """Cut, repeat or swap rows below the header."""
    header, rows = table[0], [list(row) for row in table[1:]]
    for kind, first, second in edits:
        if not rows:
            break
        a, b = int(first * len(rows)), int(second * len(rows))
        if kind == "cut":
            del rows[a]
        elif kind == "repeat":
            rows.insert(b, list(rows[a]))
        else:
            rows[a], rows[b] = rows[b], rows[a]
    return [list(header), *rows]


def edit_cells(table: Table, edits: Sequence[tuple[float, float, str]]) -> Table:
    """Replace cells, the header's (the last choice) among them."""
    for row, column, junk in edits:
        cells = table[-1 - int(row * len(table))]
        cells[int(column * len(cells))] = junk
    return table


def edit_bytes(content: bytes, edits: Sequence[tuple[float, int, bytes]]) -> bytes:
    """Replace, insert or delete some bytes."""
    for where, length, junk in edits:
        at = int((1 - where) * len(content))
        content = content[:at] + junk + content[at + length :]
    return content


def as_csv(table: Table, encoding: str) -> bytes:
    """The table as a CSV file; what the encoding cannot say becomes a question mark."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(table)
    return out.getvalue().encode(encoding, "replace")


def as_workbook(
    table: Sequence[Sequence[object]], title: str, edits: Sequence[tuple[float, float, object]]
) -> bytes:
    """The table as a sheet, some cells replaced by values of other types."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in table:
        sheet.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", str(cell))[:32_000] for cell in row])
    for up, right, value in edits:
        place = sheet.cell(sheet.max_row - int(up * sheet.max_row), 1 + int(right * sheet.max_column))
        place.value = value  # type: ignore[assignment]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


PARTS = st.sampled_from(
    [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
    ]
)
_VALUES = st.sampled_from(
    [
        *(
            "",
            "0",
            "-1",
            "999",
            "99999999",
            "1e309",
            "nan",
            "A1",
            "ZZZZ9",
            "XFD1048576",
            "A1:XFD1048576",
            "x",
        ),
        *("s", "e", "b", "d", "n", "str", "inlineStr", "true", "46266.5", "2026-09-01", "rId99", "#REF!"),
    ]
)
PART_EDITS = st.lists(st.tuples(PARTS, _SHARE, _VALUES), min_size=1, max_size=4)
_TOKEN = re.compile(rb'="([^"]*)"|>([^<>]+)<')


def edit_parts(content: bytes, edits: Sequence[tuple[str, float, str]]) -> bytes:
    """Replace attributes and texts in the XML inside a workbook, which stays XML in a sound archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, where, value in edits:
        found = [match.span(match.lastindex or 1) for match in _TOKEN.finditer(parts.get(name, b""))]
        if found:
            start, end = found[-1 - int(where * len(found))]
            parts[name] = parts[name][:start] + value.encode() + parts[name][end:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()

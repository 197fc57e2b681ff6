"""Tables as workbooks: typed cells, totals as formulas that store SQL's values, equal bytes from equal data.

Spreadsheets store numbers as binary doubles; a fen amount below 10^13 yuan survives that exactly when read
back at two decimals.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from ingestion.documents.language import Lang
from orchestration.exports.tables import Block, Cell, Column, ControlTotal, Row, Sheet

FIXED_INSTANT: Final = datetime.datetime(2000, 1, 1)
MAX_ROWS: Final = 1_048_576
"""Rows of a worksheet; a longer table goes on in the next one."""
_BLUE: Final = "#0B5FA5"
_PALE: Final = "#EAF1F8"
_WIDE: Final = frozenset(
    {"line_id", "note", "customer_name_en", "pack_hash", "pack_hashes", "package_hash", "text"}
)


class CellError(RuntimeError):
    """A spreadsheet cannot hold a cell as it is; nothing is cut off silently."""


class Book:
    """A workbook under construction; used as a context manager, it is written at the end."""

    def __init__(self, path: Path, title: str) -> None:
        """Nothing is written before the end."""
        self._book = xlsxwriter.Workbook(str(path), {"in_memory": True})
        self._book.set_properties({"created": FIXED_INSTANT, "title": title})
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def __enter__(self) -> Self:
        """The book itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the file, unless something went wrong."""
        if kind is None:
            self._book.close()

    def page(self, title: str) -> Page:
        """A new worksheet."""
        return Page(self._book.add_worksheet(title), self)

    def style(self, number: str = "General", *, strong: bool = False, head: bool = False) -> Format:
        """A cell format; equal ones are one."""
        wanted: dict[str, object] = {"num_format": number, "valign": "top"}
        if head:
            wanted |= {"bold": True, "bg_color": _BLUE, "font_color": "#FFFFFF", "text_wrap": True}
        elif strong:
            wanted |= {"bold": True, "bg_color": _PALE}
        key = tuple(wanted.items())
        if key not in self._formats:
            self._formats[key] = self._book.add_format(wanted)
        return self._formats[key]


class Page:
    """One worksheet. Rows and columns count from 0."""

    def __init__(self, sheet: Worksheet, book: Book) -> None:
        """A page of ``book``."""
        self.sheet = sheet
        self._book = book

    def put(
        self, row: int, column: int, value: Cell, number: str = "General", *, strong: bool = False
    ) -> None:
        """Write one typed cell; NULL leaves it blank."""
        style = self._book.style(number, strong=strong)
        if value is None:
            failed = self.sheet.write_blank(row, column, None, style) if strong else 0
        elif isinstance(value, bool):
            failed = self.sheet.write_boolean(row, column, value, style)
        elif isinstance(value, (int, Decimal)):
            failed = self.sheet.write_number(row, column, float(value), style)
        elif isinstance(value, datetime.date):
            failed = self.sheet.write_datetime(
                row, column, datetime.datetime.combine(value, datetime.time()), style
            )
        else:
            failed = self.sheet.write_string(row, column, value, style)
        self._checked(failed, row, column, value)

    def total(self, row: int, column: int, formula: str, value: Cell, number: str) -> None:
        """Write a formula with the value that SQL has for it, for readers that do not calculate."""
        stored = float(value) if isinstance(value, (int, Decimal)) else 0
        style = self._book.style(number, strong=True)
        self._checked(self.sheet.write_formula(row, column, formula, style, stored), row, column, value)

    def head(self, row: int, titles: Sequence[str]) -> None:
        """Write a row of headings."""
        for column, title in enumerate(titles):
            self.sheet.write_string(row, column, title, self._book.style(head=True))

    def _checked(self, failed: int, row: int, column: int, value: Cell) -> None:
        if failed:
            raise CellError(
                f"row {row + 1}, column {column + 1}: a spreadsheet cannot hold {str(value)[:60]!r} "
                f"({len(str(value))} characters). Remedy: export csv or parquet, or shorten the text"
            )


def sum_of(first: int, last: int, column: int) -> str:
    """The formula that adds up rows ``first`` to ``last`` of a column."""
    return f"=SUM({xl_range(first, column, last, column)})"


def number_format(column: Column) -> str:
    """How a spreadsheet shows the column."""
    if column.decimals is not None:
        return "#,##0." + "0" * column.decimals
    return {"month": "yyyy-mm", "day": "yyyy-mm-dd", "integer": "#,##0"}.get(column.kind, "General")


def write_table(book: Book, sheet: Sheet, rows: Sequence[Row], language: Lang, limit: int = MAX_ROWS) -> None:
    """One table as a worksheet with frozen headings, or as several where one cannot hold it."""
    room = limit - 1
    for part, start in enumerate(range(0, max(len(rows), 1), room), start=1):
        title = sheet.title(language) + (f" {part}" if part > 1 else "")
        chunk = rows[start : start + room]
        page = book.page(title)
        page.sheet.freeze_panes(1, 0)
        _set_widths(page, sheet)
        page.head(0, [column.heading(language) for column in sheet.columns])
        for line, row in enumerate(chunk, start=1):
            _put_row(page, line, sheet, row)
        if chunk:
            page.sheet.autofilter(0, 0, len(chunk), len(sheet.columns) - 1)


def write_blocks(book: Book, sheet: Sheet, blocks: Sequence[Block], language: Lang) -> None:
    """A report as a worksheet: each part under its title, its totals as formulas."""
    page = book.page(sheet.title(language))
    _set_widths(page, sheet)
    line = 0
    for block in blocks:
        if block.title is not None:
            page.put(line, 0, block.title, strong=True)
            line += 1
        page.head(line, [column.heading(language) for column in sheet.columns])
        first = line + 1
        for line, row in enumerate(block.rows, start=first):
            _put_row(page, line, sheet, row)
        line = max(line, first - 1) + 1
        if block.total is not None and block.rows:
            _put_total(page, line, first, sheet, block.total, language)
            line += 1
        line += 1


def write_control_totals(
    book: Book, totals: Sequence[ControlTotal], language: Lang, notes: Sequence[str]
) -> None:
    """The sheet of control totals, and what the numbers rest on."""
    page = book.page("控制总数" if language == "zh" else "Control totals")
    page.head(0, ("表", "项目", "数值") if language == "zh" else ("Table", "Measure", "Value"))
    page.sheet.set_column(0, 2, 28)
    for line, total in enumerate(totals, start=1):
        page.put(line, 0, total.stem)
        page.put(line, 1, total.measure)
        page.put(line, 2, Decimal(total.value))
    for offset, note in enumerate(notes, start=len(totals) + 2):
        page.put(offset, 0, note)


def _put_row(page: Page, line: int, sheet: Sheet, row: Row) -> None:
    for index, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
        page.put(line, index, cell, number_format(column))


def _put_total(page: Page, line: int, first: int, sheet: Sheet, total: Row, language: Lang) -> None:
    """A total's row: sums as formulas, means and rates as SQL has them, the rest blank but for its name."""
    for index, (column, cell) in enumerate(zip(sheet.columns, total, strict=True)):
        if column.adds_up:
            page.total(line, index, sum_of(first, line - 1, index), cell, number_format(column))
        else:
            page.put(
                line, index, cell if column.kind == "number" else None, number_format(column), strong=True
            )
    page.put(line, 0, "合计" if language == "zh" else "Total", strong=True)


def _set_widths(page: Page, sheet: Sheet) -> None:
    for index, column in enumerate(sheet.columns):
        page.sheet.set_column(index, index, 36 if column.name in _WIDE else 20)

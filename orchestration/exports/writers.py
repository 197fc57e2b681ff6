"""Write tables as XLSX, CSV and Parquet so that equal input gives equal bytes.

Spreadsheets store numbers as binary doubles; a fen amount below 10^13 yuan survives that exactly when read
back at two decimals. CSV and Parquet carry decimals as decimals.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from orchestration.exports.tables import Cell, Column, ControlTotal, Language, Sheet

Rows = Sequence[tuple[Cell, ...]]
FIXED_INSTANT = datetime.datetime(2000, 1, 1)
PRECISION = 24


def write_csv(path: Path, sheet: Sheet, rows: Rows, language: Language) -> None:
    """One table as UTF-8 CSV with a byte-order mark, so that spreadsheet programs read Chinese headings."""
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow([column.heading(language) for column in sheet.columns])
        writer.writerows([_text(cell) for cell in row] for row in rows)


def write_parquet(path: Path, sheet: Sheet, rows: Rows) -> None:
    """One table as Parquet under the mart's own column names; numbers are decimals."""
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in sheet.columns]
    arrays = [
        pa.array(values, type=_arrow_type(column, values))
        for column, values in zip(sheet.columns, columns, strict=True)
    ]
    pq.write_table(pa.table(arrays, names=[column.name for column in sheet.columns]), path)


def write_xlsx(
    path: Path,
    tables: Sequence[tuple[Sheet, Rows]],
    totals: Sequence[ControlTotal],
    language: Language,
    notes: Sequence[str],
) -> None:
    """All tables as one workbook: typed cells, frozen headings, a sheet of control totals and notes."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"created": FIXED_INSTANT, "title": "WattLedger settlement"})
        heading = book.add_format(
            {"bold": True, "bg_color": "#0B5FA5", "font_color": "#FFFFFF", "text_wrap": True}
        )
        for sheet, rows in tables:
            page = book.add_worksheet(sheet.title(language))
            page.freeze_panes(1, 0)
            for index, column in enumerate(sheet.columns):
                style = book.add_format({"num_format": _number_format(column)})
                page.write_string(0, index, column.heading(language), heading)
                page.set_column(index, index, _width(column))
                for line, row in enumerate(rows, start=1):
                    _write_cell(page, line, index, row[index], style)
            if rows:
                page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)
        _write_totals(book, totals, heading, language, notes)


def _write_totals(
    book: xlsxwriter.Workbook,
    totals: Sequence[ControlTotal],
    heading: xlsxwriter.format.Format,
    language: Language,
    notes: Sequence[str],
) -> None:
    page = book.add_worksheet("控制总数" if language == "zh" else "Control totals")
    titles = ("表", "项目", "数值") if language == "zh" else ("Table", "Measure", "Value")
    for index, title in enumerate(titles):
        page.write_string(0, index, title, heading)
    page.set_column(0, 2, 28)
    for line, total in enumerate(totals, start=1):
        page.write_string(line, 0, total.stem)
        page.write_string(line, 1, total.measure)
        page.write_number(line, 2, float(total.value))
    for offset, note in enumerate(notes, start=len(totals) + 2):
        page.write_string(offset, 0, note)


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet, line: int, index: int, value: Cell, style: xlsxwriter.format.Format
) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(line, index, value)
    elif isinstance(value, (int, Decimal)):
        page.write_number(line, index, float(value), style)
    elif isinstance(value, datetime.date):
        page.write_datetime(line, index, datetime.datetime.combine(value, datetime.time()), style)
    else:
        page.write_string(line, index, value)


def _text(value: Cell) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number_format(column: Column) -> str:
    if column.decimals is not None:
        return "#,##0." + "0" * column.decimals
    return "yyyy-mm" if column.name == "delivery_month" else "General"


def _width(column: Column) -> int:
    return 36 if column.name in {"line_id", "note", "customer_name_en", "pack_hash"} else 20


def _arrow_type(column: Column, values: Sequence[Cell]) -> pa.DataType:
    if column.decimals is not None:
        return pa.decimal128(PRECISION, column.decimals)
    if column.name == "delivery_month":
        return pa.date32()
    return pa.bool_() if column.name == "is_illustrative" else pa.string()

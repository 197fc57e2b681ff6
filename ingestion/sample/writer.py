"""Bytes of a delivery: CSV and XLSX, the same bytes for the same content every time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

Cell = str | int | Decimal | date | None
Sheet = tuple[Sequence[str], Sequence[Sequence[Cell]]]
"""Header and rows."""
_CREATED = datetime(2026, 1, 1)
"""Document timestamp of every workbook; nothing from the clock enters a file."""


@dataclass(frozen=True)
class Delivery:
    """One file of the inbox, when the business knew it and who sent it."""

    file_name: str
    known_at: datetime
    source: str
    content: bytes


def milli(value: int) -> str:
    """Print a thousandth count with three decimals: 12345 → 12.345."""
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 1000)
    return f"{sign}{whole}.{part:03d}"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write UTF-8 CSV with LF line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def xlsx_bytes(sheets: dict[str, Sheet]) -> bytes:
    """Write a workbook: one sheet per feed, header in row 1; dates as date cells, ids as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"author": "WattLedger sample", "created": _CREATED})
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, (header, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.write_row(0, 0, header, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, column, value, day)
                elif isinstance(value, int | Decimal):
                    sheet.write_number(line, column, value)
                elif value is not None:
                    sheet.write_string(line, column, value)
    book.close()
    return out.getvalue()

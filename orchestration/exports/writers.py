"""Write tables as CSV and Parquet so that equal input gives equal bytes. Both carry decimals as decimals."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.documents.language import Lang
from orchestration.exports.tables import Cell, Column, Row, Sheet

PRECISION: Final = 38


def write_csv(path: Path, sheet: Sheet, rows: Sequence[Row], language: Lang) -> None:
    """One table as UTF-8 CSV with a byte-order mark, so that spreadsheet programs read Chinese headings."""
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow([column.heading(language) for column in sheet.columns])
        writer.writerows([_text(cell) for cell in row] for row in rows)


def write_parquet(path: Path, sheet: Sheet, rows: Sequence[Row]) -> None:
    """One table as Parquet under the mart's own column names; numbers are decimals."""
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in sheet.columns]
    arrays = [
        pa.array(values, type=_arrow_type(column))
        for column, values in zip(sheet.columns, columns, strict=True)
    ]
    pq.write_table(pa.table(arrays, names=[column.name for column in sheet.columns]), path)


def _text(value: Cell) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _arrow_type(column: Column) -> pa.DataType:
    if column.decimals is not None:
        return pa.decimal128(PRECISION, column.decimals)
    kinds = {"month": pa.date32(), "day": pa.date32(), "flag": pa.bool_(), "integer": pa.int64()}
    return kinds.get(column.kind, pa.string())

"""Export files: typed, complete, checkable, and equal bytes from equal data."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from orchestration.exports.settlement import NotSettledError, export_month
from orchestration.exports.tables import SHEETS, Sheet

MONTH = date(2026, 9, 1)
pytestmark = pytest.mark.integration


def _value(name: str, index: int) -> str:
    if name == "delivery_month":
        return f"date '{MONTH}'"
    if name == "is_illustrative":
        return "true"
    if name.endswith(("_cny", "_mwh", "_rate")):
        return (
            f"({index} + 0.125)::numeric(16, 3)"
            if name.endswith("mwh")
            else f"({index} + 0.25)::numeric(16, 2)"
        )
    return f"'{name} {index}，中文'::text"


def _mart(sheet: Sheet, rows: int) -> str:
    """A relation of the mart's shape with ``rows`` made-up rows."""
    lines = [
        "select " + ", ".join(f"{_value(column.name, index)} as {column.name}" for column in sheet.columns)
        for index in range(rows)
    ]
    return f"create table {sheet.relation} as " + " union all ".join(lines)


@pytest.fixture
def settled(engine: sa.Engine) -> sa.Engine:
    """A warehouse whose settlement marts hold three made-up rows each."""
    with engine.begin() as connection:
        connection.exec_driver_sql("create schema marts_settlement")
        connection.exec_driver_sql(
            "create table marts_settlement.settlement_blocker (delivery_month date, blocker_kind text,"
            " object_id text, delivery_on date, slot int, message text, remedy text)"
        )
        for sheet in SHEETS:
            connection.exec_driver_sql(_mart(sheet, 3))
    return engine


def test_export__twice_gives_equal_bytes(settled: sa.Engine, tmp_path: Path) -> None:
    first = export_month(settled, MONTH, tmp_path / "a")
    second = export_month(settled, MONTH, tmp_path / "b")
    assert first.digest == second.digest
    assert [path.name for path in first.files] == [path.name for path in second.files]
    for left, right in zip(first.files, second.files, strict=True):
        assert left.read_bytes() == right.read_bytes(), left.name


def test_export__checksums_are_those_of_the_files(settled: sa.Engine, tmp_path: Path) -> None:
    export = export_month(settled, MONTH, tmp_path)
    lines = [line.split("  ") for line in (export.folder / "SHA256SUMS").read_text().splitlines()]
    listed = {name: checksum for checksum, name in lines}
    assert listed == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in export.files
        if path.name != "SHA256SUMS"
    }


def test_export__files_hold_what_the_mart_holds(settled: sa.Engine, tmp_path: Path) -> None:
    folder = export_month(settled, MONTH, tmp_path, language="en").folder
    lines = pq.read_table(folder / "settlement_line.parquet")
    assert lines.column("amount_cny").to_pylist() == [Decimal("0.25"), Decimal("1.25"), Decimal("2.25")]
    assert lines.schema.field("amount_cny").type.scale == 2
    page = openpyxl.load_workbook(folder / "settlement.xlsx")["Lines"]
    headings = [cell.value for cell in page[1]]
    amounts = [row[headings.index("Amount (CNY, incl. VAT)")].value for row in page.iter_rows(min_row=2)]
    assert amounts == [0.25, 1.25, 2.25]
    with (folder / "settlement_line.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["Amount (CNY, incl. VAT)"] for row in rows] == ["0.25", "1.25", "2.25"]


def test_export__control_totals_add_up_to_the_files(settled: sa.Engine, tmp_path: Path) -> None:
    folder = export_month(settled, MONTH, tmp_path).folder
    with (folder / "control_totals.csv").open(encoding="utf-8", newline="") as handle:
        totals = {(row["table"], row["measure"]): row["value"] for row in csv.DictReader(handle)}
    for sheet in SHEETS:
        table = pq.read_table(folder / f"{sheet.stem}.parquet")
        assert totals[sheet.stem, "rows"] == str(table.num_rows)
        for (stem, measure), value in totals.items():
            if stem == sheet.stem and measure != "rows":
                assert Decimal(value) == sum(table.column(measure).to_pylist())


def test_export__a_blocked_month_says_what_is_missing(settled: sa.Engine, tmp_path: Path) -> None:
    with settled.begin() as connection:
        connection.exec_driver_sql(
            "insert into marts_settlement.settlement_blocker values ('2026-08-01', 'price_missing',"
            " 'rt_unified', '2026-08-03', 17, 'rt_unified has no price for 2026-08-03 slot 17 (04:15).',"
            " 'Deliver it.')"
        )
    with pytest.raises(NotSettledError, match=r"slot 17 \(04:15\)\. Remedy: Deliver it\."):
        export_month(settled, date(2026, 8, 1), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_export__replaces_an_earlier_one_whole(settled: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "2026-09").mkdir()
    (tmp_path / "2026-09" / "stale.csv").write_text("old")
    export_month(settled, MONTH, tmp_path)
    assert not (tmp_path / "2026-09" / "stale.csv").exists()

"""Workbooks of tables and reports, and the folder that is replaced as a whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from orchestration.exports.blocks import blocks_of
from orchestration.exports.folder import replaced
from orchestration.exports.tables import Column, Row, Sheet
from orchestration.exports.workbook import Book, CellError, write_blocks, write_table
from tests.orchestration.exports.formulas import recalculated

TABLE = Sheet(
    stem="t",
    zh="表",
    en="Table",
    source="x",
    order_by="name",
    blocks="province",
    columns=(
        Column("scope", "范围", "Scope"),
        Column("province", "省份", "Province"),
        Column("name", "名称", "Name"),
        Column("amount_cny", "金额", "Amount", 2),
        Column("mean_cny_per_mwh", "均价", "Mean", 3),
        Column("from_on", "起", "From", kind="day"),
        Column("is_illustrative", "示例", "Illustrative", kind="flag"),
    ),
)


def _row(scope: str, province: str | None, name: str | None, amount: str, mean: str) -> Row:
    return (scope, province, name, Decimal(amount), Decimal(mean), date(2026, 9, 1), True)


ROWS = [
    _row("total", None, None, "60.30", "3.000"),
    _row("province", "anhui", None, "10.10", "1.000"),
    _row("province", "gansu", None, "50.20", "4.000"),
    _row("account", "anhui", "a", "10.10", "1.000"),
    _row("account", "gansu", "b", "20.10", "2.000"),
    _row("account", "gansu", "c", "30.10", "5.000"),
]


def test_table__goes_on_in_another_sheet_where_one_is_full(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    rows = [_row("account", "x", f"row {place}", "1.00", "1.000") for place in range(25)]
    with Book(path, "t") as book:
        write_table(book, TABLE, rows, "en", limit=11)
    pages = openpyxl.load_workbook(path).worksheets
    assert [page.title for page in pages] == ["Table", "Table 2", "Table 3"]
    names = [row[2].value for page in pages for row in page.iter_rows(min_row=2)]
    assert names == [f"row {place}" for place in range(25)]
    assert all(page["A1"].value == "Scope" for page in pages)


def test_blocks__totals_are_formulas_over_their_own_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with Book(path, "t") as book:
        write_blocks(book, TABLE, blocks_of(TABLE, ROWS, "en"), "en")
    found = recalculated(path)
    assert [stored for stored, _ in found.values()] == [Decimal("10.10"), Decimal("50.20"), Decimal("60.30")]
    assert [place for place, (stored, result) in found.items() if stored != result] == []
    page = openpyxl.load_workbook(path)["Table"]
    assert [cell.value for cell in page["A"] if cell.value] == [
        *("anhui", "Scope", "account", "Total"),
        *("gansu", "Scope", "account", "account", "Total"),
        *("By province", "Scope", "province", "province", "Total"),
    ]
    means = [cell.value for cell in page["E"] if isinstance(cell.value, int | float)]
    assert means == [1, 1, 2, 5, 4, 1, 4, 3], "a mean is not the sum of means"


def test_cell__too_long_for_a_spreadsheet_is_refused_and_no_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with (
        pytest.raises(CellError, match=r"row 2, column 3: .*32768 characters.*Remedy"),
        Book(path, "t") as book,
    ):
        write_table(book, TABLE, [_row("account", "x", "y" * 32_768, "1.00", "1.000")], "zh")
    assert not path.exists()


def _half(target: Path) -> None:
    with replaced(target) as draft:
        (draft / "a").write_text("half")
        (draft / "a" / "b").write_text("a file is no folder")


def test_folder__an_error_leaves_the_export_before(tmp_path: Path) -> None:
    target = tmp_path / "2026-09"
    with replaced(target) as draft:
        (draft / "a").write_text("first")
    with pytest.raises(NotADirectoryError):
        _half(target)
    assert [(path.name, path.read_text()) for path in target.iterdir()] == [("a", "first")]
    with replaced(target) as draft:
        (draft / "b").write_text("second")
    assert [path.name for path in target.iterdir()] == ["b"]
    assert [path.name for path in tmp_path.iterdir()] == ["2026-09"]


def test_folder__killed_between_the_renames_is_put_back(tmp_path: Path) -> None:
    """As a kill leaves it: the old export moved away, the new one not yet in its place."""
    (tmp_path / ".2026-09.old").mkdir()
    (tmp_path / ".2026-09.old" / "a").write_text("before")
    (tmp_path / ".2026-09.draft").mkdir()
    with pytest.raises(RuntimeError, match="stop"), replaced(tmp_path / "2026-09"):
        raise RuntimeError("stop")
    assert (tmp_path / "2026-09" / "a").read_text() == "before"

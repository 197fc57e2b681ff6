"""Bytes to raw text: line numbers, encodings, damaged files, typed workbook cells."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from ingestion import readers
from ingestion.readers import read_csv, read_workbook
from ingestion.report import FileRefused


def _workbook(*rows: list[object], title: str = "customer") -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_read_csv__byte_order_mark_and_header_case_do_not_matter() -> None:
    raw = read_csv(b"\xef\xbb\xbfCustomer_ID , name\r\nC1,x\r\n")
    assert raw.header == ["customer_id", "name"]
    assert raw.cells.tolist() == [["C1", "x"]]


def test_read_csv__line_numbers_survive_blank_lines_and_multi_line_cells() -> None:
    raw = read_csv(b'a,b\n\n1,"two\nlines"\n,,\n3,4\n')
    assert raw.lines == [3, 6]
    assert raw.broken == []


def test_read_csv__wrong_cell_count_breaks_one_line_only() -> None:
    raw = read_csv(b"a,b\n1\n2,3\n4,5,6\n")
    assert raw.cells.tolist() == [["2", "3"]]
    assert [(line.line_no, line.code) for line in raw.broken] == [
        (2, "WRONG_CELL_COUNT"),
        (4, "WRONG_CELL_COUNT"),
    ]
    assert "3 cells where the header has 2" in raw.broken[1].problem


def test_read_csv__unclosed_quote_breaks_one_line_only() -> None:
    raw = read_csv(b'a,b\n1,2\n"3,4\n5,6\n')
    assert raw.cells.tolist() == [["1", "2"], ["5", "6"]]
    assert [(line.line_no, line.code, line.raw) for line in raw.broken] == [(3, "UNPARSABLE_LINE", '"3,4')]


def test_read_csv__gbk_is_refused_with_line_and_remedy() -> None:
    with pytest.raises(FileRefused) as caught:
        read_csv("customer_id,customer_name\nC1,x\nC2,山东\n".encode("gbk"))
    assert caught.value.line_no == 3
    assert "UTF-8" in caught.value.remedy


def test_read_csv__no_header_is_refused() -> None:
    with pytest.raises(FileRefused, match="no header"):
        read_csv(b"\n\n")


def test_read_workbook__typed_cells_read_as_excel_shows_them() -> None:
    content = _workbook(
        ["day", "at", "number", "sum", "id"],
        [date(2026, 9, 1), datetime(2026, 9, 1, 8, 30), 12, 0.1 + 0.2, "0012"],
        [None, None, None, None, None],
        [datetime(2026, 9, 2), None, 1e-5, 3.0, 3700123456789.0],
    )
    raw = read_workbook(content)["customer"]
    assert raw.cells.tolist() == [
        ["2026-09-01", "2026-09-01 08:30:00", "12", "0.3", "0012"],
        ["2026-09-02", "", "0.00001", "3", "3700123456789"],
    ]
    assert raw.lines == [2, 4]


def test_read_workbook__value_beside_the_table_is_a_column_without_a_name() -> None:
    raw = read_workbook(_workbook(["a", "b"], ["1", "2", None, "note"], ["3"]))["customer"]
    assert raw.header == ["a", "b", "", ""]
    assert raw.cells.tolist() == [["1", "2", "", "note"], ["3", "", "", ""]]


def test_read_workbook__fingerprint_ignores_layout_but_not_content() -> None:
    one = read_workbook(_workbook(["a", "b"], ["1", "2"]))["customer"]
    widened = read_workbook(_workbook(["a", "b", None], ["1", 2, None]))["customer"]
    other = read_workbook(_workbook(["a", "b"], ["1", "3"]))["customer"]
    assert one.fingerprint() == widened.fingerprint() != other.fingerprint()


@pytest.mark.parametrize("content", [b"not a zip", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old xls"])
def test_read_workbook__damaged_file_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused) as caught:
        read_workbook(content)
    assert caught.value.code == "UNREADABLE_WORKBOOK"
    assert "save it again as .xlsx" in caught.value.remedy


def test_read_workbook__a_row_number_beyond_the_sheet_is_refused_at_once() -> None:
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_workbook(["a"]))) as archive, zipfile.ZipFile(damaged, "w") as out:
        for name in archive.namelist():
            part = archive.read(name)
            out.writestr(name, part.replace(b'<row r="1"', b'<row r="99999999"').replace(b'r="A1"', b""))
    with pytest.raises(FileRefused, match="beyond 1,048,576"):
        read_workbook(damaged.getvalue())


def test_read_workbook__one_stray_cell_far_right_of_many_rows_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "MOST_CELLS", 20)
    content = _workbook(["a", "b"], ["1", "2"], ["1", "2", *[None] * 5, "stray"])
    with pytest.raises(FileRefused, match="8 columns wide in 3 rows and more"):
        read_workbook(content)
    monkeypatch.setattr(readers, "MOST_CELLS", 24)
    assert read_workbook(content)["customer"].cells.shape == (2, 8)


def test_read_workbook__sheets_share_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    book = Workbook()
    for _ in range(2):
        sheet = book.create_sheet()
        for row in (["a", "b"], [1, 2], [3, 4]):
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    monkeypatch.setattr(readers, "MOST_CELLS", 10)
    assert len(read_workbook(stream.getvalue())) == 2
    monkeypatch.setattr(readers, "MOST_CELLS", 9)
    with pytest.raises(FileRefused, match=r"a workbook may hold 9 cells.*CSV UTF-8"):
        read_workbook(stream.getvalue())

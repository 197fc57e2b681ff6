"""The annotated copy: bad cells marked, the reason beside them, everything else untouched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.formats.annotate import AUTHOR, MARK, annotate_file, annotate_workbook
from ingestion.intake import ingest_paths
from ingestion.report import BatchReport, Refusal

Save = Callable[..., Path]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook of customers with a title, a merged cell, a formula and a person's comment."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "customer"
    sheet.append(["customer_id", "customer_name", "effective_from"])
    sheet.append(["C1", "甲", "2026-01-01"])
    sheet.append(["C2", "乙", "someday"])
    sheet.append(["C2", "乙", "=1+1"])
    sheet["C3"].comment = Comment("ask Li", "a person")
    sheet.merge_cells("A4:B4")
    path = tmp_path / "customer.xlsx"
    book.save(path)
    return path


def _refusal(
    line_no: int | None, field: str | None, code: str = "X", sheet: str | None = "customer"
) -> Refusal:
    return Refusal(
        "customer.xlsx", sheet, line_no, field, None, code, f"{code} in {field}. Remedy: r.", "raw"
    )


def _report(*refusals: Refusal) -> BatchReport:
    return BatchReport("customer", "customer.xlsx", "customer", "partly", refusals=list(refusals))


def _comments(path: Path) -> dict[str, str]:
    sheet = openpyxl.load_workbook(path)["customer"]
    return {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}


def test_annotate_file__each_refusal_stands_beside_its_cell(workbook: Path, tmp_path: Path) -> None:
    report = _report(
        _refusal(3, "effective_from"),
        _refusal(3, "effective_from", "Y"),
        _refusal(2, "customer_id, effective_from", "KEY"),
        _refusal(4, "customer_name", "MERGED"),
        _refusal(2, None, "UNCHANGED"),
        _refusal(3, "no such column", "ROW"),
    )
    out = annotate_file(workbook, [report], tmp_path / "out.xlsx")
    assert out is not None
    comments = _comments(out)
    assert set(comments) == {"C3", "A2", "C2", "A4", "A3"}
    assert comments["C3"].startswith("ask Li\n\nX in effective_from")
    assert "Y in effective_from" in comments["C3"]
    sheet = openpyxl.load_workbook(out)["customer"]
    assert sheet["C3"].fill.start_color.rgb == MARK.start_color.rgb
    assert sheet["B2"].fill.fill_type is None
    assert sheet["C4"].value == "=1+1"
    assert (sheet.max_row, sheet.max_column) == (4, 3)
    assert sheet["A2"].comment is not None
    assert sheet["A2"].comment.author == AUTHOR


def test_annotate_file__a_refused_file_is_marked_at_its_header(workbook: Path, tmp_path: Path) -> None:
    whole = BatchReport(
        None, "customer.xlsx", None, "unreadable", refusals=[_refusal(None, None, sheet=None)]
    )
    out = annotate_file(workbook, [whole], tmp_path / "out.xlsx")
    assert out is not None
    assert set(_comments(out)) == {"A1", "C3"}  # C3 is the person's own


def test_annotate_file__nothing_wrong_makes_no_copy(workbook: Path, tmp_path: Path) -> None:
    other = BatchReport("customer", "other.xlsx", "customer", "partly", refusals=[_refusal(2, None)])
    reports = [_report(_refusal(2, None, "UNCHANGED")), other]
    assert annotate_file(workbook, reports, tmp_path / "out.xlsx") is None
    assert not (tmp_path / "out.xlsx").exists()


def test_annotate_workbook__equal_input_gives_equal_bytes(workbook: Path) -> None:
    report = _report(_refusal(3, "effective_from"))
    first = annotate_workbook(workbook.read_bytes(), [report])
    assert annotate_workbook(workbook.read_bytes(), [report]) == first
    assert annotate_workbook(first, [report]) == annotate_workbook(first, [report])
    # nothing of the clock: the time of change is the time of creation, and the archive's times are fixed
    properties = openpyxl.load_workbook(io.BytesIO(first)).properties
    assert properties.modified == properties.created == openpyxl.load_workbook(workbook).properties.created
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_annotate_workbook__what_is_no_workbook_is_named() -> None:
    with pytest.raises(ValueError, match="no cell can be marked"):
        annotate_workbook(b"PK nonsense", [_report(_refusal(1, None))])


@pytest.mark.integration
def test_annotate_file__from_a_real_intake_and_the_corrected_copy_lands(
    engine: sa.Engine, workbook: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "again"
    folder.mkdir()
    book = openpyxl.load_workbook(workbook)
    book["customer"].delete_rows(4)
    book.save(workbook)
    out = annotate_file(workbook, ingest_paths(engine, [workbook]), folder / "customer.xlsx")
    assert out is not None
    comments = _comments(out)
    assert "'someday' is not a date. Remedy: " in comments["C3"]
    corrected = openpyxl.load_workbook(out)
    corrected["customer"]["C3"] = "2026-02-01"
    corrected.save(out)
    (report,) = ingest_paths(engine, [out])
    assert [refusal.code for refusal in report.refusals] == ["UNCHANGED"]
    assert report.rows_landed == 1


def test_annotate_workbook__a_stray_cell_far_away_costs_one_cell(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["customer"]["XFD1048576"] = "stray"
    book.save(workbook)
    content = annotate_workbook(workbook.read_bytes(), [_report(_refusal(1_048_576, None))])
    comments = openpyxl.load_workbook(io.BytesIO(content))["customer"]["XFD1048576"].comment
    assert comments is not None


def test_annotate_workbook__merged_ranges_beyond_all_use_are_refused(workbook: Path) -> None:
    parts = {}
    with zipfile.ZipFile(workbook) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name).replace(b'ref="A4:B4"', b'ref="A4:XFD1048576"')
    with zipfile.ZipFile(workbook, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(ValueError, match="merged ranges hold more than"):
        annotate_workbook(workbook.read_bytes(), [_report(_refusal(2, None))])

"""Annotated copies of refused workbooks: written once, never over another, never stopping the intake."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from ingestion.connectors.base import Delivery
from ingestion.formats import returning
from ingestion.formats.returning import Returner, store
from ingestion.intake import ingest_paths
from ingestion.report import BatchReport, Refusal


def _workbook(path: Path, quantity: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "contract_quantity"
    sheet.append(["contract_id", "delivery_month", "quantity_mwh"])
    sheet.append(["C1", "2026-09", 10])
    sheet.append(["C2", "2026-09", quantity])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _refused(name: str) -> BatchReport:
    refusal = Refusal(name, "s", 2, "a", "x", "CODE", "message", "raw")
    return BatchReport("customer", name, "s", "partly", refusals=[refusal])


def test_store__an_equal_copy_is_found_and_a_different_one_stays(tmp_path: Path) -> None:
    first = store(b"one", tmp_path / "r", "a.xlsx")
    assert store(b"two", tmp_path / "r", "a.xlsx") == tmp_path / "r" / "a-2.xlsx"
    assert store(b"one", tmp_path / "r", "a.xlsx") == first == tmp_path / "r" / "a.xlsx"
    assert store(b"two", tmp_path / "r", "../a.xlsx") == tmp_path / "r" / "a-2.xlsx"
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == ["a-2.xlsx", "a.xlsx"]


@pytest.mark.integration
def test_returner__two_files_of_one_name_get_a_copy_each(engine: sa.Engine, tmp_path: Path) -> None:
    paths = [_workbook(tmp_path / "in" / folder / "q.xlsx", f"{folder} MWh") for folder in ("a", "b")]
    returner = Returner(tmp_path / "out")
    ingest_paths(engine, paths, on_delivery=returner)
    assert [one.path for one in returner.returned] == [
        tmp_path / "out" / "q.xlsx",
        tmp_path / "out" / "q-2.xlsx",
    ]
    for one, value in zip(returner.returned, ("a MWh", "b MWh"), strict=True):
        assert one.path is not None
        cell = openpyxl.load_workbook(one.path)["contract_quantity"]["C3"]
        assert cell.value == value
        assert cell.comment is not None
        assert "row 3, field quantity_mwh" in cell.comment.text
    # the same again makes no third copy, and what landed whole comes back in none
    ingest_paths(engine, [*paths, _workbook(tmp_path / "in" / "good.xlsx", "7")], on_delivery=returner)
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04 and no more"])
def test_returner__what_cannot_be_annotated_says_why(tmp_path: Path, content: bytes) -> None:
    returner = Returner(tmp_path / "out")
    returner(Delivery("a.xlsx", lambda: content, "x"), [_refused("a.xlsx")])
    (one,) = returner.returned
    assert one.path is None
    assert "cannot be annotated: not a readable workbook" in str(one)
    assert not (tmp_path / "out").exists()


def test_returner__leaves_a_workbook_no_person_would_edit_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returning, "LARGEST", 3)
    returner = Returner(tmp_path / "out")
    returner(Delivery("a.xlsx", lambda: b"four", "x"), [_refused("a.xlsx")])
    returner(Delivery("a.csv", lambda: b"four", "x"), [_refused("a.csv")])
    assert [one.path for one in returner.returned] == [None]
    assert "quarantine.row" in str(returner.returned[0].problem)

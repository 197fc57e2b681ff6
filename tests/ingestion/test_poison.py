"""Cells, names and faults that nobody expects: each costs its own record or file, never the intake."""

from __future__ import annotations

import csv
import io
import logging
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingestion.intake
from ingestion.connectors.base import Delivery
from ingestion.content import Content
from ingestion.csv_file import CsvFile
from ingestion.feeds import registry
from ingestion.feeds.base import Feed
from ingestion.intake import ingest_deliveries, ingest_paths
from ingestion.landing import Lander
from ingestion.parsing import parse_table

MakeFile = Callable[..., Path]
Line = Callable[..., str]
Count = Callable[[str], int]

_GOOD = {
    "text": "T1",
    "date": "2026-09-01",
    "month": "2026-09",
    "date and time": "2026-09-01 00:00",
    "province code": "shandong",
}
_POISON = [
    "",
    " ",
    "9" * 29,
    "-" + "9" * 400,
    "0." + "9" * 29,
    "1." + "0" * 40 + "1",
    "1e999999999",
    "NaN",
    "sNaN",
    "-Infinity",
    "0x10",
    "1_000",
    "-0",
    "+.5",
    "5.",
    "\u0661\u0662",
    "2147483648",
    "9999-99-99",
    "0000-00-00",
    "2026-09-01T24:00:00",
    "2099-12-31T23:59:59.999999-23:59",
    "2000-01-01 00:00+23:59",
    "2026-W01-1",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff1",
    "\ufffe",
    "\U0010ffff" * 199,
    "x" * 201,
    "y" * 20_000,
    "a\nb",
    "\u2028",
    "'; drop table landing.batch; --",
    "%s %(x)s {x}",
    "\\N",
    "\\.",
]


def _good_row(feed: Feed) -> list[str]:
    """A record that lands."""
    cells = []
    for column in feed.columns:
        choices = getattr(column, "choices", ())
        cells.append(choices[0] if choices else _GOOD.get(column.type_name, "1"))
    return cells + ["0.125"] * (feed.curve.count if feed.curve else 0)


_CELL = st.sampled_from(_POISON) | st.text(
    st.characters(codec=None), max_size=40
)  # of all characters, half surrogate pairs included


@st.composite
def _tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A feed's name and records of it, some with a poisoned cell."""
    name = draw(st.sampled_from(sorted(registry())))
    feed = registry()[name]
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        row = _good_row(feed)
        for _ in range(draw(st.integers(0, 2))):
            last = min(len(feed.columns), len(row) - 1)  # one slot of a curve stands for all of them
            row[draw(st.integers(0, last))] = draw(_CELL)
        rows.append(row)
    return name, rows


def _as_file(name: str, rows: list[list[str]]) -> Delivery:
    """A CSV delivery; what UTF-8 cannot say is escaped as any writer would have to."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(registry()[name].file_columns)
    writer.writerows(rows)
    content = out.getvalue().encode("utf-8", "replace")
    return Delivery(f"{name}-poison.csv", lambda: content, "test")


@pytest.mark.integration
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(table=_tables())
def test_ingest__poisoned_cell_costs_its_record_only(
    engine: sa.Engine, scalar: Count, table: tuple[str, list[list[str]]]
) -> None:
    name, rows = table
    (report,) = ingest_deliveries(engine, [_as_file(name, rows)], name)
    assert report.status != "unreadable", report.refusals
    if report.status == "duplicate":
        return
    assert report.rows_delivered == report.rows_landed + report.rows_quarantined
    assert len(report.refusals) == report.rows_quarantined
    where = f"where batch_id = {report.batch_id}"
    assert scalar(f"select count(*) from landing.{name} {where}") == report.rows_landed
    assert scalar(f"select count(*) from quarantine.row {where}") == report.rows_quarantined


@pytest.mark.parametrize("name", sorted(registry()))
@pytest.mark.integration
def test_ingest__every_poison_in_every_column(engine: sa.Engine, scalar: Count, name: str) -> None:
    feed = registry()[name]
    rows = []
    for index in range(len(feed.columns) + (1 if feed.curve else 0)):
        for poison in _POISON:
            row = _good_row(feed)
            row[index] = poison
            rows.append(row)
    (report,) = ingest_deliveries(engine, [_as_file(name, rows)])
    assert report.status == "partly", report.refusals
    assert report.rows_delivered == len(rows) == report.rows_landed + report.rows_quarantined
    assert scalar("select count(*) from quarantine.row") == report.rows_quarantined
    for refusal in report.refusals:
        assert "Remedy: " in refusal.message
        refusal.message.encode()


@pytest.mark.integration
def test_ingest__workbook_with_half_a_surrogate_pair(engine: sa.Engine, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "customer"
    sheet.append(["customer_id", "effective_from", "customer_name"])
    sheet.append(["C1", "2026-01-01", "half _xD800_ pair"])
    sheet.append(["C2", "2026-01-01", "whole"])
    workbook.save(tmp_path / "customers.xlsx")
    (report,) = ingest_paths(engine, [tmp_path / "customers.xlsx"])
    assert report.rows_delivered == 2
    assert report.rows_landed + report.rows_quarantined == 2


@pytest.mark.integration
def test_ingest__file_name_that_is_not_utf8(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, tmp_path: Path, scalar: Count
) -> None:
    good = meter_file([meter_line("MP1")], "in/meter_day-good.csv")
    content = good.read_bytes().replace(b"MP1", b"MP2")
    odd = os.fsencode(tmp_path / "in") + b"/meter_day-" + "电量".encode("gbk") + b".csv"
    Path(os.fsdecode(odd)).write_bytes(content)
    Path(os.fsdecode(odd.replace(b"meter_day", b"strange"))).write_bytes(b"x,y\n1,2\n")
    seen: list[str] = []
    reports = ingest_paths(engine, [tmp_path / "in"], on_progress=lambda *step: seen.append(step[2]))
    assert sorted(report.status for report in reports) == ["landed", "landed", "unreadable"]
    for text in (*seen, *(report.file_name for report in reports)):
        text.encode()  # can be stored, logged and shown
    (refused,) = (report for report in reports if report.status == "unreadable")
    refused.refusals[0].message.encode()
    stored = "select count(*) from landing.batch where file_name like 'meter_day-_%.csv'"
    assert scalar(stored) == 2


@pytest.mark.integration
def test_ingest__fault_of_one_delivery_is_reported_and_the_others_land(
    engine: sa.Engine,
    meter_file: MakeFile,
    meter_line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    scalar: Count,
) -> None:
    for n in range(3):
        meter_file([meter_line(f"MP{n}")], f"in/meter_day-{n}.csv")

    def odd(content: Content) -> object:
        if b"MP1" in content.read():
            raise ArithmeticError("nobody thought of this")
        return CsvFile(content)

    monkeypatch.setattr(ingestion.intake, "CsvFile", odd)
    with caplog.at_level(logging.ERROR):
        reports = ingest_paths(engine, [tmp_path / "in"])
    assert [report.status for report in reports] == ["landed", "unreadable", "landed"]
    (refusal,) = reports[1].refusals
    assert refusal.code == "UNEXPECTED_FAULT"
    for part in ("meter_day-1.csv", "ArithmeticError", "nobody thought of this", "Remedy: "):
        assert part in refusal.message
    assert any(record.exc_info and "meter_day-1.csv" in record.getMessage() for record in caplog.records)
    assert scalar("select count(*) from landing.meter_day") == 2


@pytest.mark.integration
def test_ingest__fault_of_one_sheet_leaves_the_other_sheets(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, value in (("customer", "C1"), ("contract_account", "K1")):
        sheet = workbook.create_sheet(name)
        sheet.append([column.name for column in registry()[name].columns if column.required])
        sheet.append([value, "2026-01-01", "N"] if name == "customer" else [value, "A1", "2026-01-01"])
    workbook.save(tmp_path / "two.xlsx")

    def odd(feed: Feed, *rest: object) -> object:
        if feed.name == "customer":
            raise RecursionError("deep")
        return parse_table(feed, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ingestion.intake, "parse_table", odd)
    reports = {report.sheet: report for report in ingest_paths(engine, [tmp_path / "two.xlsx"])}
    assert reports["customer"].refusals[0].code == "UNEXPECTED_FAULT"
    assert reports["contract_account"].status == "landed"


@pytest.mark.integration
def test_ingest__database_failure_still_stops_the_intake(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(Lander, "_copy", fail)
    with pytest.raises(psycopg.OperationalError):
        ingest_paths(engine, [meter_file([meter_line()])])

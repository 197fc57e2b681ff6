"""The door: many files, some of them bad; workbooks; the law landed + quarantined = delivered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.feeds import registry
from ingestion.feeds.columns import Whole
from ingestion.intake import ingest_paths
from ingestion.templates import write_template

pytestmark = pytest.mark.integration

MakeFile = Callable[..., Path]
Line = Callable[..., str]
Count = Callable[[str], int]


def test_ingest_paths__unreadable_files_never_stop_the_others(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, tmp_path: Path
) -> None:
    meter_file([meter_line()], "in/meter_day-good.csv")
    folder = tmp_path / "in"
    (folder / "broken.xlsx").write_bytes(b"PK nonsense")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "customer-gbk.csv").write_bytes("customer_id,customer_name\nC1,山东\n".encode("gbk"))
    (folder / "notes.txt").write_text("hello")
    (folder / "strange.csv").write_text("x,y\n1,2\n")
    seen: list[tuple[int, int, str]] = []
    reports = ingest_paths(
        engine, [folder, tmp_path / "absent.csv"], on_progress=lambda *step: seen.append(step)
    )
    outcome = {r.file_name: (r.status, r.refusals[0].code if r.refusals else None) for r in reports}
    assert outcome == {
        "meter_day-good.csv": ("landed", None),
        "broken.xlsx": ("unreadable", "UNREADABLE_WORKBOOK"),
        "empty.csv": ("unreadable", "EMPTY_FILE"),
        "customer-gbk.csv": ("unreadable", "NOT_UTF8"),
        "notes.txt": ("unreadable", "UNKNOWN_FORMAT"),
        "strange.csv": ("unreadable", "UNKNOWN_FEED"),
        "absent.csv": ("unreadable", "UNREADABLE_FILE"),
    }
    for report in reports:
        for refusal in report.refusals:
            assert report.file_name in refusal.message
            assert "Remedy: " in refusal.message
    assert [step[0] for step in seen] == list(range(1, 8))


def test_ingest_paths__two_intakes_at_once_land_everything_once(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, tmp_path: Path, scalar: Count
) -> None:
    for n in range(20):
        meter_file([meter_line(f"MP{n}"), meter_line("SAME", slots={"p01": str(n)})], f"in/meter_day-{n}.csv")
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: ingest_paths(engine, [tmp_path / "in"]), range(2)))
    assert sum(report.status == "landed" for reports in both for report in reports) == 20
    assert sum(report.status == "duplicate" for reports in both for report in reports) == 20
    assert scalar("select count(*) from landing.meter_day") == 40
    assert scalar("select max(version) from landing.meter_day where metering_point_id = 'SAME'") == 20
    assert scalar("select max(batch_seq) from landing.batch") == 20


def test_ingest_paths__unknown_feed_is_the_callers_mistake(engine: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="did you mean meter_day"):
        ingest_paths(engine, [tmp_path], feed="meterday")


def test_ingest_paths__explicit_feed_overrides_the_name(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line
) -> None:
    (report,) = ingest_paths(engine, [meter_file([meter_line()], "customer-really.csv")], feed="meter_day")
    assert (report.feed, report.status) == ("meter_day", "landed")


_SAMPLES = {"text": "T1", "date": "2026-09-01", "month": "2026-09", "date and time": "2026-09-01 00:00"}
_SAMPLES |= {"province code": "shandong", "code": "one"}


@pytest.mark.parametrize("name", sorted(registry()))
def test_ingest_paths__filled_template_lands(
    engine: sa.Engine, tmp_path: Path, name: str, scalar: Count
) -> None:
    feed = registry()[name]
    path = write_template(name, tmp_path / f"{name}.xlsx")
    workbook = openpyxl.load_workbook(path)
    for index, column in enumerate(feed.columns, start=1):
        choices = getattr(column, "choices", ())
        least = max(1, column.minimum) if isinstance(column, Whole) else 1
        value = choices[0] if choices else _SAMPLES.get(column.type_name, least)
        workbook[name].cell(row=2, column=index, value=value)
    for slot in range(feed.curve.count if feed.curve else 0):
        workbook[name].cell(row=2, column=len(feed.columns) + 1 + slot, value=0.125)
    workbook.save(tmp_path / "filled.xlsx")
    (report,) = ingest_paths(engine, [tmp_path / "filled.xlsx"])
    assert report.refusals == []
    assert report.flags == []
    assert (report.feed, report.sheet, report.status, report.rows_landed) == (name, name, "landed", 1)
    assert scalar(f"select count(*) from landing.{name} where line_no = 2") == 1


def test_ingest_paths__each_sheet_of_a_workbook_is_a_delivery(engine: sa.Engine, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet("customer")
    sheet.append(["customer_id", "effective_from", "customer_name"])
    sheet.append(["C1", "2026-01-01", "山东甲"])
    sheet.append(["C2", "01.01.2026", "山东乙"])
    workbook.create_sheet("contract_accounts").append(["contract_id", "account_id", "effective_from"])
    workbook.create_sheet("empty")
    path = tmp_path / "customers.xlsx"
    workbook.save(path)
    reports = {r.sheet: r for r in ingest_paths(engine, [path])}
    assert set(reports) == {"customer", "contract_accounts"}
    assert (reports["customer"].rows_landed, reports["customer"].rows_quarantined) == (1, 1)
    message = reports["customer"].refusals[0].message
    for part in (
        "customers.xlsx",
        "sheet customer",
        "row 3",
        "field effective_from",
        "'01.01.2026'",
        "Remedy",
    ):
        assert part in message
    assert "rename the sheet to 'contract_account'" in reports["contract_accounts"].refusals[0].message
    workbook["customer"].column_dimensions["A"].width = 40
    workbook.save(path)
    assert {r.sheet: r.status for r in ingest_paths(engine, [path])}["customer"] == "duplicate"


def _mutate(lines: list[str], edits: list[tuple[int, int, str]]) -> str:
    """Overwrite characters of the file at pseudo-random places."""
    text = "\n".join(lines)
    for line, offset, insert in edits:
        start = sum(len(part) + 1 for part in lines[: 1 + line % (len(lines) - 1)])
        place = start + offset
        text = text[:place] + insert + text[place + 1 :]
    return text


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    edits=st.lists(
        st.tuples(
            st.integers(0, 5),
            st.integers(0, 560),
            st.sampled_from(
                ["", "-", "x", ",", ",,", '"', "\n", "\r", " ", "\x00", "\x1c", "é", "1e5", "\u2028"]
            ),
        ),
        max_size=6,
    )
)
def test_ingest_paths__law_landed_plus_quarantined_is_delivered(
    engine: sa.Engine,
    meter_file: MakeFile,
    meter_line: Line,
    scalar: Count,
    edits: list[tuple[int, int, str]],
) -> None:
    lines = [meter_line(f"MP{n}", day=f"2026-09-{n + 1:02d}") for n in range(6)]
    path = meter_file(lines)
    header, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_bytes(_mutate([header, *rest], edits).encode())
    (report,) = ingest_paths(engine, [path])
    assert report.rows_delivered == report.rows_landed + report.rows_quarantined
    assert len(report.refusals) == report.rows_quarantined
    if report.batch_id is None or report.status == "duplicate":
        return
    where = f"where batch_id = {report.batch_id}"
    assert scalar(f"select count(*) from landing.meter_day {where}") == report.rows_landed
    assert scalar(f"select count(*) from quarantine.row {where}") == report.rows_quarantined
    if sum(insert == '"' for _, _, insert in edits) < 2:  # two quotes may make one cell of several lines
        assert report.rows_delivered >= 6 - len(edits), "an edit may not make other records disappear"

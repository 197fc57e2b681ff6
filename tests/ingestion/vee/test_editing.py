"""Editing with name and reason: what lands, what is refused, and how an edit is taken back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from ingestion.vee import run_vee
from ingestion.vee.checks import check_vee
from ingestion.vee.editing import EditRefused, edit_file
from tests.ingestion.vee.conftest import FIRST, SLOTS, Desk, known

pytestmark = pytest.mark.integration

DAY = FIRST + timedelta(days=9)
TODAY = DAY + timedelta(days=2)
FLAT = [1000] * 96


def _file(folder: Path, text: str) -> Path:
    path = folder / "edit.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _versions(desk: Desk) -> list[tuple[int, str, str]]:
    query = "select version, quality, source from landing.meter_day where delivery_on = :day order by version"
    return [(row["version"], row["quality"], row["source"]) for row in desk.rows(query, day=DAY)]


def test_edit__changes_the_given_slots_and_keeps_the_rest_with_their_flags(
    desk: Desk, tmp_path: Path
) -> None:
    desk.master()
    for number in range(9):
        desk.meter(FIRST + timedelta(days=number), FLAT)
    desk.meter(DAY, [None, None, None, *[1000] * 93])
    run_vee(desk.engine, TODAY)
    path = _file(tmp_path, f"metering_point_id,delivery_on,p01,p02,p96\nM,{DAY},5,,7.5\n")
    report = edit_file(desk.engine, path, by="Li Lei", reason="read on site", known_at=known(DAY, 20))
    assert (report.days, report.slots, report.unchanged) == (1, 2, 0)
    assert _versions(desk)[-1] == (3, "edited", "edit")
    (row,) = desk.rows("select * from landing.meter_day where version = 3")
    assert [row[slot] for slot in SLOTS] == [5000, 1000, 1000, *[1000] * 92, 7500]
    flags = desk.rows(
        "select slot, rule_code, flagged_by, reason from landing.meter_slot_flag "
        "where version = 3 order by slot"
    )
    assert [(f["slot"], f["rule_code"], f["flagged_by"]) for f in flags] == [
        (1, "EDITED", "Li Lei"),
        (2, "EST_TYPICAL_DAY", "vee"),
        (3, "EST_TYPICAL_DAY", "vee"),
        (96, "EDITED", "Li Lei"),
    ]
    assert flags[0]["reason"] == "read on site"
    again = edit_file(desk.engine, path, by="Li Lei", reason="read on site")
    assert (again.days, again.unchanged) == (0, 1)
    assert check_vee(desk.engine).success
    assert run_vee(desk.engine, TODAY).batches == 0


def test_edit__is_withdrawn_by_name_and_then_edited_again(desk: Desk, tmp_path: Path) -> None:
    desk.master()
    desk.meter(DAY, FLAT)
    path = _file(tmp_path, f"metering_point_id,delivery_on,p01\nM,{DAY},5\n")
    edit_file(desk.engine, path, by="Li Lei", reason="typo")
    key_only = _file(tmp_path, f"metering_point_id,delivery_on\nM,{DAY}\n")
    report = edit_file(desk.engine, key_only, by="Han Mei", reason="wrong meter", withdraw=True)
    assert report.days == 1
    (verdict,) = desk.rows("select * from landing.meter_day_verdict")
    wanted = ("withdrawn", "EDIT_WITHDRAWN", "Han Mei", "wrong meter")
    assert (verdict["verdict"], verdict["rule_codes"], verdict["decided_by"], verdict["reason"]) == wanted
    with pytest.raises(EditRefused, match="no edit to withdraw"):
        edit_file(desk.engine, key_only, by="Han Mei", reason="again", withdraw=True)
    path = _file(tmp_path, f"metering_point_id,delivery_on,p01\nM,{DAY},5\n")
    assert edit_file(desk.engine, path, by="Li Lei", reason="typo").days == 1
    assert [quality for _, quality, _ in _versions(desk)] == ["metered", "edited", "edited"]


def test_edit__takes_a_workbook(desk: Desk, tmp_path: Path) -> None:
    desk.master()
    desk.meter(DAY, FLAT)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["metering_point_id", "channel", "delivery_on", "p10"])
    sheet.append(["M", "active_import", DAY, 3.25])
    path = tmp_path / "edit.xlsx"
    book.save(path)
    assert edit_file(desk.engine, path, by="Li Lei", reason="typo").slots == 1
    assert desk.rows("select p10 from landing.meter_day where version = 2") == [{"p10": 3250}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("metering_point_id,delivery_on,p97\nM,2026-03-11,1\n", "line 1, field p97: is no column of an edit"),
        ("metering_point_id,p01\nM,1\n", "field delivery_on: is not in the header"),
        ("metering_point_id,delivery_on,p01\nM,11 March,1\n", "line 2, field delivery_on: '11 March'"),
        ("metering_point_id,delivery_on,p01\nM,2026-03-11,-1\n", "line 2, field p01: '-1' is negative"),
        ("metering_point_id,delivery_on,p01\nM,2026-03-11,\n", "line 2: changes no slot"),
        ("metering_point_id,delivery_on,p01\nM,2026-03-11,1\nM,2026-03-11,2\n", "is there twice"),
        ("metering_point_id,delivery_on,p01\nGHOST,2026-03-11,1\n", "leaves 95 slots without a value"),
        ("metering_point_id,delivery_on,p01\n", "holds no line"),
    ],
)
def test_edit__refuses_by_line_and_field_and_lands_nothing(
    desk: Desk, tmp_path: Path, text: str, said: str
) -> None:
    desk.master()
    desk.meter(DAY, FLAT)
    before = desk.rows("select count(*) from landing.batch")
    with pytest.raises(EditRefused, match=said) as refused:
        edit_file(desk.engine, _file(tmp_path, text), by="Li Lei", reason="typo")
    assert all("Remedy" in problem for problem in refused.value.problems)
    assert desk.rows("select count(*) from landing.batch") == before


def test_edit__needs_a_name_and_a_reason(desk: Desk, tmp_path: Path) -> None:
    path = _file(tmp_path, f"metering_point_id,delivery_on,p01\nM,{DAY},5\n")
    with pytest.raises(EditRefused, match="--by and --reason"):
        edit_file(desk.engine, path, by=" ", reason="typo")

"""Landing in the database: versions, unchanged records, duplicates, flags, quarantine; nothing by halves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion import file_landing
from ingestion.csv_file import CsvFile
from ingestion.file_landing import FileLander
from ingestion.intake import ingest_paths
from orchestration.warehouse import Warehouse

pytestmark = pytest.mark.integration

MakeFile = Callable[..., Path]
Line = Callable[..., str]
Count = Callable[[str], int]


def test_land__values_are_integers_of_wh(engine: sa.Engine, meter_file: MakeFile, meter_line: Line) -> None:
    (report,) = ingest_paths(engine, [meter_file([meter_line(slots={"p01": "0.001", "p96": "2147483.647"})])])
    assert (report.status, report.rows_delivered, report.rows_landed) == ("landed", 1, 1)
    with engine.connect() as connection:
        row = connection.execute(sa.text("select * from landing.meter_day")).mappings().one()
    assert (row["p01"], row["p02"], row["p96"]) == (1, 1000, 2_147_483_647)
    assert (row["version"], row["line_no"], row["quality"], row["source"]) == (1, 2, "metered", "drop_folder")
    assert row["batch_id"] == report.batch_id


def test_land__correction_is_version_two_and_repetition_is_unchanged(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line
) -> None:
    ingest_paths(engine, [meter_file([meter_line("MP1"), meter_line("MP2")])])
    corrected = meter_file([meter_line("MP1", slots={"p07": "9"}), meter_line("MP2")], "meter_day-again.csv")
    (report,) = ingest_paths(engine, [corrected])
    assert (report.status, report.rows_delivered, report.rows_landed, report.rows_quarantined) == (
        "partly",
        2,
        1,
        1,
    )
    (refusal,) = report.refusals
    assert (refusal.code, refusal.line_no) == ("UNCHANGED", 3)
    assert "meter_day-again.csv, line 3" in refusal.message
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("select metering_point_id, version, p07 from landing.meter_day order by 1, 2")
        ).all()
    assert [tuple(row) for row in rows] == [("MP1", 1, 1000), ("MP1", 2, 9000), ("MP2", 1, 1000)]


def test_land__blank_filled_later_is_a_new_version(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, scalar: Count
) -> None:
    ingest_paths(engine, [meter_file([meter_line(slots={"p05": ""})])])
    (report,) = ingest_paths(engine, [meter_file([meter_line()], "meter_day-full.csv")])
    assert report.rows_landed == 1
    assert scalar("select max(version) from landing.meter_day where p05 is not null") == 2


def test_land__same_content_makes_no_batch_under_any_name(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, scalar: Count
) -> None:
    first = meter_file([meter_line()])
    (landed,) = ingest_paths(engine, [first])
    again = ingest_paths(engine, [first, meter_file([meter_line()], "copy.csv")])
    assert [(r.status, r.batch_id, r.rows_delivered) for r in again] == [
        ("duplicate", landed.batch_id, 0)
    ] * 2
    assert scalar("select count(*) from landing.batch") == 1


def test_land__slot_flags_are_sparse_and_say_why(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line
) -> None:
    estimated = meter_line("MP3", quality="estimated", slots={"p02": ""})
    ingest_paths(engine, [meter_file([meter_line("MP1"), meter_line("MP2", slots={"p33": ""}), estimated])])
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "select metering_point_id, rule_code, count(*), min(slot), min(version) "
                "from landing.meter_slot_flag group by 1, 2 order by 1, 2"
            )
        ).all()
    assert [tuple(row) for row in rows] == [
        ("MP2", "MISSING", 1, 33, 1),
        ("MP3", "ESTIMATED_AT_SOURCE", 95, 1, 1),
        ("MP3", "MISSING", 1, 2, 1),
    ]


def test_land__quarantine_holds_one_row_per_refused_record(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line
) -> None:
    bad = meter_line("MP2", slots={"p13": "-3.2", "p14": "x"})
    (report,) = ingest_paths(engine, [meter_file([meter_line("MP1"), bad, "MP3,\x00", meter_line("MP4")])])
    assert (report.rows_landed, report.rows_quarantined) == (2, 2)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("select line_no, field, value, reason_code, raw, message from quarantine.row order by 1")
        ).all()
    assert [tuple(row[:4]) for row in rows] == [
        (3, "p13", "-3.2", "NEGATIVE_VALUE"),
        (4, None, "MP3,\N{REPLACEMENT CHARACTER}", "WRONG_CELL_COUNT"),
    ]
    assert rows[0].raw == bad
    assert rows[0].message == report.refusals[0].message


def test_land__manifest_declares_known_at(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, tmp_path: Path
) -> None:
    meter_file([meter_line()], "meter_day-a.csv")
    meter_file([meter_line("MP2")], "meter_day-b.csv")
    (tmp_path / "manifest.csv").write_text(
        "file_name,known_at,source\nmeter_day-a.csv,2026-09-02T08:30:00+08:00,grid\n", encoding="utf-8"
    )
    ingest_paths(engine, [tmp_path])
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "select source, known_at_declared, known_at = timestamptz '2026-09-02 00:30Z', "
                "known_at = received_at from landing.batch order by batch_seq"
            )
        ).all()
    assert [tuple(row) for row in rows] == [("grid", True, True, False), ("drop_folder", False, False, True)]


@pytest.mark.parametrize("step", ["_copy", "_take_out", "_land_staged", "_quarantine"])
def test_land__failure_in_any_step_leaves_nothing(
    engine: sa.Engine,
    meter_file: MakeFile,
    meter_line: Line,
    scalar: Count,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    path = meter_file([meter_line("MP1", slots={"p01": ""}), meter_line("MP2", slots={"p01": "x"})])
    original = getattr(FileLander, step)

    def fail_afterwards(*arguments: object) -> None:
        original(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FileLander, step, fail_afterwards)
        with pytest.raises(KeyboardInterrupt):
            ingest_paths(engine, [path])
    for table in ("landing.batch", "landing.meter_day", "landing.meter_slot_flag", "quarantine.row"):
        assert scalar(f"select count(*) from {table}") == 0
    (report,) = ingest_paths(engine, [path])
    assert (report.batch_seq, report.rows_landed, report.rows_quarantined) == (1, 1, 1)


def test_land__batch_seq_has_no_gap_after_a_failure(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest_paths(engine, [meter_file([meter_line("MP1")])])
    with monkeypatch.context() as patch:
        patch.setattr(FileLander, "_quarantine", lambda *_: 1 / 0)
        (failed,) = ingest_paths(
            engine, [meter_file([meter_line("MP2", slots={"p01": "x"})], "meter_day-2.csv")]
        )
        assert failed.status == "unreadable"
    (report,) = ingest_paths(engine, [meter_file([meter_line("MP3")], "meter_day-3.csv")])
    assert report.batch_seq == 2


def test_land__months_get_their_own_partition(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, scalar: Count
) -> None:
    ingest_paths(engine, [meter_file([meter_line(day="2026-09-30"), meter_line(day="2026-10-01")])])
    assert scalar("select count(distinct tableoid) from landing.meter_day") == 2


def test_land__ingestion_role_can_do_all_of_it(
    warehouse: Warehouse, meter_file: MakeFile, meter_line: Line
) -> None:
    ingest = warehouse.engine("wl_ingest")
    try:
        lines = [
            meter_line("MP1"),
            meter_line("MP2", slots={"p01": ""}),
            meter_line("MP3", slots={"p01": "x"}),
        ]
        ingest_paths(ingest, [meter_file(lines)])
        (report,) = ingest_paths(
            ingest, [meter_file([meter_line("MP1", slots={"p01": "2"})], "meter_day-2.csv")]
        )
        assert (report.status, report.rows_landed) == ("landed", 1)
    finally:
        ingest.dispose()


def test_land__database_refuses_a_ledger_that_does_not_add_up(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="delivered"), engine.begin() as connection:
        connection.execute(
            sa.text(
                "insert into landing.batch (batch_seq, feed, source, file_name, sha256, known_at, "
                "known_at_declared, rows_delivered, rows_landed, rows_quarantined) "
                "values (1, 'x', 'x', 'x', 'x', now(), false, 3, 1, 1)"
            )
        )


def test_land__key_repeated_in_another_block_is_refused_and_the_first_line_lands(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_landing, "HELD_ROWS", 3)
    monkeypatch.setattr(CsvFile.blocks, "__defaults__", (1_500,))
    lines = [meter_line(f"MP{n}") for n in range(9)]
    lines += [meter_line("MP1"), meter_line("MP2", slots={"p01": "7"}), meter_line("MP3", slots={"p01": "x"})]
    (report,) = ingest_paths(engine, [meter_file(lines)])
    assert (report.rows_delivered, report.rows_landed, report.rows_quarantined) == (12, 9, 3)
    assert [(r.line_no, r.code, r.value) for r in report.refusals[:2]] == [
        (11, "DUPLICATE_IN_FILE", "MP1, active_import, 2026-09-01"),
        (12, "DUPLICATE_IN_FILE", "MP2, active_import, 2026-09-01"),
    ]
    assert "repeats the key of line 3 with equal values" in report.refusals[0].message
    assert "repeats the key of line 4 with other values" in report.refusals[1].message
    assert report.refusals[0].raw == meter_line("MP1")
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("select line_no, version, p01 from landing.meter_day order by line_no")
        ).all()
    assert [tuple(row) for row in rows] == [(line, 1, 1000) for line in range(2, 11)]


def test_land__stage_table_of_a_failed_large_file_is_not_the_next_ones(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, monkeypatch: pytest.MonkeyPatch, scalar: Count
) -> None:
    monkeypatch.setattr(file_landing, "HELD_ROWS", 3)
    monkeypatch.setattr(CsvFile.blocks, "__defaults__", (1_500,))
    bad = meter_file([meter_line(f"MP{n}") for n in range(9)], "in/meter_day-1.csv")
    bad.write_bytes(bad.read_bytes() + b"\xff\n")
    meter_file([meter_line(f"MQ{n}") for n in range(5)], "in/meter_day-2.csv")
    first, second = ingest_paths(engine, [bad.parent])
    assert (first.status, first.refusals[0].code) == ("unreadable", "NOT_UTF8")
    assert (second.status, second.rows_landed) == ("landed", 5)
    assert scalar("select count(*) from landing.meter_day") == 5


def test_land__key_known_beyond_the_probe_still_becomes_version_two(
    engine: sa.Engine, meter_file: MakeFile, meter_line: Line, scalar: Count
) -> None:
    ingest_paths(engine, [meter_file([meter_line("MP77", slots={"p01": "3"})])])
    lines = [meter_line(f"MP{n}") for n in range(200)]
    (report,) = ingest_paths(engine, [meter_file(lines, "meter_day-2.csv")])
    assert (report.status, report.batch_seq, report.rows_landed) == ("landed", 2, 200)
    assert (
        scalar(
            "select version from landing.meter_day where batch_id = (select max(batch_id) from "
            "landing.batch) and metering_point_id = 'MP77'"
        )
        == 2
    )

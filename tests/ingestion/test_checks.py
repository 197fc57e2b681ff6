"""Great Expectations over landed tables: passes on what landed, fails on what should never be there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.checks import check_landing
from ingestion.formats.profile import SourceProfile
from ingestion.intake import ingest_paths

pytestmark = pytest.mark.integration

# landing is append-only by trigger; damage that a restore or an administrator could do needs the triggers off
BEHIND_THE_LEDGER = sa.text("set local session_replication_role = replica")


def test_check_landing__gap_warns_and_does_not_fail(
    engine: sa.Engine, meter_file: Callable[..., Path], meter_line: Callable[..., str]
) -> None:
    ingest_paths(engine, [meter_file([meter_line("MP1"), meter_line("MP2", slots={"p01": ""})])])
    check = check_landing(engine, "meter_day")
    assert check.success
    assert check.rows == 2
    assert [(e.column, e.severity) for e in check.expectations if not e.success] == [
        ("missing_slots", "warning")
    ]
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_check_landing__only_batches_after_the_given_one(
    engine: sa.Engine, meter_file: Callable[..., Path], meter_line: Callable[..., str]
) -> None:
    (first,) = ingest_paths(engine, [meter_file([meter_line("MP1")])])
    assert first.batch_seq is not None
    assert check_landing(engine, "meter_day", first.batch_seq).rows == 0
    ingest_paths(engine, [meter_file([meter_line("MP2"), meter_line("MP3")], "meter_day-2.csv")])
    assert check_landing(engine, "meter_day", first.batch_seq).rows == 2


def test_check_landing__record_lost_behind_the_ledger_fails(
    engine: sa.Engine, meter_file: Callable[..., Path], meter_line: Callable[..., str]
) -> None:
    ingest_paths(engine, [meter_file([meter_line("MP1"), meter_line("MP2")])])
    with engine.begin() as connection:
        connection.execute(BEHIND_THE_LEDGER)
        connection.execute(sa.text("delete from landing.meter_day where metering_point_id = 'MP2'"))
    check = check_landing(engine, "meter_day")
    assert not check.success
    assert [e.column for e in check.expectations if not e.success] == ["records_landed, counted_landed"]


def test_check_landing__a_batch_of_source_rows_is_counted_in_the_meter_days_it_made(
    engine: sa.Engine, tmp_path: Path
) -> None:
    path = tmp_path / "ems.csv"
    stamps = [f"2026-09-{day:02d} {hour:02d}:00" for day in (1, 2) for hour in range(24)]
    path.write_text("\n".join(["stamp,value", *(f"{stamp},1" for stamp in stamps)]), encoding="utf-8")
    profile = SourceProfile.model_validate(
        {
            "profile": "ems",
            "layout": "long",
            "points": 24,
            "values": "energy",
            "unit": "kWh",
            "label": "begin",
            "time": {"column": "stamp"},
            "metering_point": {"constant": "MP1"},
            "columns": [{"column": "value"}],
        }
    )
    (report,) = ingest_paths(engine, [path], profile=profile)
    assert (report.status, report.rows_landed) == ("landed", 48)
    check = check_landing(engine, "meter_day")
    assert (check.success, check.rows) == (True, 2)
    with engine.begin() as connection:
        connection.execute(BEHIND_THE_LEDGER)
        connection.execute(sa.text("delete from landing.meter_day where delivery_on = '2026-09-02'"))
    lost = check_landing(engine, "meter_day")
    assert [e.column for e in lost.expectations if not e.success] == ["records_landed, counted_landed"]


def test_check_landing__out_of_range_master_data_fails(engine: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "account.csv"
    path.write_text(
        "account_id,effective_from,customer_id,voltage_level,tariff_class,capacity_kva,pf_standard\n"
        "A1,2026-01-01,C1,10kV,two_part,630,0.90\n",
        encoding="utf-8",
    )
    ingest_paths(engine, [path])
    assert check_landing(engine, "account").success
    with engine.begin() as connection:
        connection.execute(BEHIND_THE_LEDGER)
        connection.execute(sa.text("update landing.account set capacity_kva = -5"))
    failed = [e for e in check_landing(engine, "account").expectations if not e.success]
    assert [(e.column, e.unexpected, e.samples) for e in failed] == [("capacity_kva", 1, ["-5"])]

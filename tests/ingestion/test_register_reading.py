"""Feed register_reading: live readings, freezes and maximum demand in one table, none in another's way."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from ingestion.checks import check_landing
from ingestion.feeds.columns import CHINA
from ingestion.intake import ingest_paths
from ingestion.templates import write_template

HEADER = "metering_point_id,channel,read_at,kind,register_kwh,max_demand_kw,max_demand_at"
MIDNIGHT = "MP1,active_import,2026-11-01 00:00"


def deliver(engine: sa.Engine, folder: Path, lines: list[str], name: str = "register_reading-1.csv") -> str:
    """Take the lines in; returns 'delivered landed quarantined'."""
    path = folder / name
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    (report,) = ingest_paths(engine, [path])
    return f"{report.rows_delivered} {report.rows_landed} {report.rows_quarantined}"


@pytest.mark.integration
def test_register_reading__a_register_a_demand_or_both_but_never_neither(
    engine: sa.Engine, tmp_path: Path
) -> None:
    lines = [
        "MP1,active_import,2026-11-01 00:15,live,10.25,,",
        "MP2,active_import,2026-11-01 00:15,monthly_freeze,,12.3456,2026-10-10 14:45",
        "MP3,active_import,2026-11-01 00:15,live,10.25,12.3456,2026-10-10 14:45",
        "MP4,active_import,2026-11-01 00:15,live,,,2026-10-10 14:45",
        "MP5,active_import,2026-11-01 00:15,live,ten,,",
    ]
    assert deliver(engine, tmp_path, lines) == "5 3 2"
    with engine.connect() as connection:
        landed = connection.execute(
            sa.text(
                "select register_kwh, max_demand_kw, max_demand_at from landing.register_reading"
                " order by 1, 2"
            )
        ).all()
        refused = connection.execute(
            sa.text("select field, reason_code, message from quarantine.row order by line_no")
        ).all()
    moment = datetime(2026, 10, 10, 14, 45, tzinfo=CHINA)
    assert [tuple(row) for row in landed] == [
        (Decimal("10.25"), Decimal("12.3456"), moment),
        (Decimal("10.25"), None, None),
        (None, Decimal("12.3456"), moment),
    ]
    assert [(row.field, row.reason_code) for row in refused] == [
        ("register_kwh and max_demand_kw", "NOTHING_GIVEN"),
        ("register_kwh", "UNPARSABLE_NUMBER"),
    ]
    assert "fill at least one of register_kwh, max_demand_kw" in refused[0].message
    assert check_landing(engine, "register_reading").success


@pytest.mark.integration
def test_register_reading__kinds_of_one_moment_stand_beside_each_other(
    engine: sa.Engine, tmp_path: Path
) -> None:
    lines = [f"{MIDNIGHT},{kind},{kwh},," for kind, kwh in (("monthly_freeze", 10), ("daily_freeze", 10))]
    assert deliver(engine, tmp_path, lines) == "2 2 0"
    assert deliver(engine, tmp_path, [f"{MIDNIGHT},live,10.01,,"], "register_reading-2.csv") == "1 1 0"
    again = [f"{MIDNIGHT},live,10.01,,", f"{MIDNIGHT},monthly_freeze,10,1.5,"]
    assert deliver(engine, tmp_path, again, "register_reading-3.csv") == "2 1 1"
    with engine.connect() as connection:
        versions = connection.execute(
            sa.text("select kind, version from landing.register_reading order by 1, 2")
        ).all()
    assert [tuple(row) for row in versions] == [
        ("daily_freeze", 1),
        ("live", 1),
        ("monthly_freeze", 1),
        ("monthly_freeze", 2),
    ]
    assert check_landing(engine, "register_reading").success


@pytest.mark.integration
def test_register_reading__the_database_itself_holds_the_rule(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        batch = connection.scalar(
            sa.text(
                "insert into landing.batch (batch_seq, feed, source, file_name, sha256, known_at,"
                " known_at_declared, rows_delivered, rows_landed, rows_quarantined)"
                " values (1, 'x', 'x', 'x', 'x', now(), false, 1, 1, 0) returning batch_id"
            )
        )
        row = f"('MP1', 'active_import', 'live', now(), 1, {batch}, 1)"
        with pytest.raises(sa.exc.IntegrityError, match="register_kwh_or_max_demand_kw"):
            connection.execute(
                sa.text(
                    "insert into landing.register_reading"
                    f" (metering_point_id, channel, kind, read_at, version, batch_id, line_no) values {row}"
                )
            )


def test_write_template__says_what_a_record_must_fill(tmp_path: Path) -> None:
    rules = load_workbook(write_template("register_reading", tmp_path / "r.xlsx"))["rules"]
    assert rules["A3"].value == "A record fills at least one of register_kwh, max_demand_kw."
    assert {"register_kwh", "max_demand_kw", "max_demand_at"} <= {cell.value for cell in rules["A"]}

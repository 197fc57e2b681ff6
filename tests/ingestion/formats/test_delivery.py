"""From files to landing: batches counted in the source's records, versions, flags, profiles in folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.connectors.drop_folder import discover
from ingestion.formats.delivery import with_profile
from ingestion.formats.profile import SourceProfile
from ingestion.intake import ingest_deliveries, ingest_paths

from .conftest import csv_bytes
from .test_long import HEADER, _lines

pytestmark = pytest.mark.integration

MakeProfile = Callable[..., SourceProfile]
Count = Callable[[str], int]
PROFILE = """
profile: ems of MP1
files: ["ems*.csv"]
layout: long
points: 96
values: energy
unit: kWh
label: end
time: {column: stamp, midnight: next_day}
metering_point: {constant: MP1}
columns: [{column: value}]
"""


def test_ingest_paths__a_profile_beside_the_files_says_what_they_mean(
    engine: sa.Engine, tmp_path: Path, scalar: Count
) -> None:
    (tmp_path / "source_profile.yml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "ems-1.csv").write_bytes(csv_bytes(HEADER, _lines(["1"] * 95 + ["x"])))
    (tmp_path / "other.csv").write_bytes(csv_bytes(HEADER, _lines([1] * 96)))
    ems, other = ingest_paths(engine, [tmp_path])
    assert (ems.status, ems.rows_delivered, ems.rows_landed, ems.rows_quarantined) == ("partly", 96, 95, 1)
    assert (other.status, other.refusals[0].code) == ("unreadable", "NEEDS_PROFILE")
    assert "Reading 1: " in other.refusals[0].message
    assert "Reading 2: " in other.refusals[0].message
    assert scalar("select p01 + p95 from landing.meter_day where source = 'ems of MP1'") == 2000
    assert scalar("select slot from landing.meter_slot_flag where rule_code = 'MISSING'") == 96
    assert scalar("select line_no from quarantine.row where reason_code = 'UNPARSABLE_NUMBER'") == 97


def test_ingest_paths__a_broken_profile_refuses_the_files_of_its_folder(
    engine: sa.Engine, tmp_path: Path
) -> None:
    (tmp_path / "source_profile.yml").write_text("profile: x\n", encoding="utf-8")
    (tmp_path / "ems-1.csv").write_bytes(csv_bytes(HEADER, _lines([1] * 96)))
    (report,) = ingest_paths(engine, [tmp_path])
    assert (report.status, report.refusals[0].code) == ("unreadable", "WRONG_PROFILE")


def _ingest(engine: sa.Engine, path: Path, profile: SourceProfile) -> tuple[str, int, int, int]:
    (report,) = ingest_deliveries(engine, with_profile(discover([path]), profile))
    return report.status, report.rows_delivered, report.rows_landed, report.rows_quarantined


def test_ingest_deliveries__same_bytes_unchanged_days_and_corrections(
    engine: sa.Engine, tmp_path: Path, long_profile: MakeProfile, scalar: Count
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes(HEADER, _lines([1] * 192)))
    assert _ingest(engine, path, long_profile()) == ("landed", 192, 192, 0)
    assert _ingest(engine, path, long_profile()) == ("duplicate", 0, 0, 0)
    path.write_bytes(csv_bytes(HEADER, _lines([1] * 96 + [2] * 96)))
    assert _ingest(engine, path, long_profile()) == ("partly", 192, 96, 96)
    assert scalar("select count(*) from quarantine.row where reason_code = 'UNCHANGED'") == 96
    assert scalar("select max(version) from landing.meter_day where delivery_on = '2026-09-01'") == 1
    assert scalar("select max(version) from landing.meter_day where delivery_on = '2026-09-02'") == 2
    # the same bytes under a corrected meaning are another delivery
    assert _ingest(engine, path, long_profile(unit="MWh")) == ("landed", 192, 192, 0)


def test_ingest_deliveries__a_line_with_two_series_lands_while_one_of_its_days_is_new(
    engine: sa.Engine, tmp_path: Path, long_profile: MakeProfile, scalar: Count
) -> None:
    profile = long_profile(metering_point={"header": True}, columns=[])
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes(["stamp", "A", "B"], [[*line, 1] for line in _lines([1] * 96)]))
    assert _ingest(engine, path, profile) == ("landed", 96, 96, 0)
    path.write_bytes(csv_bytes(["stamp", "A", "B"], [[*line, 2] for line in _lines([1] * 96)]))
    assert _ingest(engine, path, profile) == ("landed", 96, 96, 0)
    assert scalar("select count(*) from landing.meter_day") == 3
    path.write_bytes(csv_bytes(["stamp", "B", "A"], [[*line, 1] for line in _lines([2] * 96)]))
    assert _ingest(engine, path, profile) == ("partly", 96, 0, 96)


def test_ingest_deliveries__a_split_day_keeps_its_original(
    engine: sa.Engine, tmp_path: Path, wide_profile: MakeProfile
) -> None:
    path = tmp_path / "a.csv"
    names = [f"v{n:02d}" for n in range(1, 25)]
    path.write_bytes(csv_bytes(["point", "day", *names], [["MP1", "2026-09-01", 0.101, *[2] * 23]]))
    assert _ingest(engine, path, wide_profile(points=24)) == ("landed", 1, 1, 0)
    with engine.connect() as connection:
        slots = connection.execute(sa.text("select p01, p02, p03, p04, p05 from landing.meter_day")).one()
        note = connection.execute(
            sa.text("select slot, rule_code, reason from landing.meter_slot_flag")
        ).one()
    assert tuple(slots) == (26, 25, 25, 25, 500)
    assert tuple(note) == (1, "SPLIT_24", "24 points in kWh: 0.101" + "|2" * 23)

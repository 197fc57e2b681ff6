"""``ingest`` and ``profile check`` as a user types them, and the inbox, on an installation of their own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import openpyxl
import pytest
import sqlalchemy as sa

from orchestration.assets.landing import batch
from orchestration.house import House
from orchestration.settings import Settings
from tests.conftest import temporary_home
from tests.ingestion.formats.conftest import shared_file

pytestmark = pytest.mark.integration
Command = Callable[..., subprocess.CompletedProcess[str]]
SUM = " + ".join(f"coalesce(p{n:02d}, 0)::bigint" for n in range(1, 97))
STEEL = """
profile: steel plant
layout: long
points: 96
values: energy
unit: kWh
decimals: 2
label: end
time: {column: date, format: "%d-%m-%Y %H:%M", midnight: same_date}
metering_point: {constant: STEEL-01}
columns: [{column: Usage_kWh, channel: active_import}]
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """An installation with its server up."""
    with temporary_home() as home:
        found = House(Settings(home, None, ()))
        found.warehouse.prepare()
        yield found
        found.close()


@pytest.fixture(scope="module")
def wattledger(house: House) -> Command:
    """Run the command in that installation."""
    environment = {**os.environ, "WATTLEDGER_HOME": str(house.home.root)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "wattledger"), *arguments]
        return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)

    return run


def _row(house: House, query: str) -> tuple[object, ...]:
    with house.warehouse.admin.connect() as connection:
        return tuple(connection.execute(sa.text(query)).one())


def test_ingest_profile__the_steel_plant_year_lands_to_the_watt_hour(
    wattledger: Command, house: House, tmp_path: Path
) -> None:
    """The file's own name says nothing; the profile lies elsewhere."""
    source = tmp_path / "export.csv"
    source.write_bytes(gzip.decompress(shared_file("steel_plant_15min_2018.csv.gz").read_bytes()))
    profile = tmp_path / "profiles" / "steel.yml"
    profile.parent.mkdir()
    profile.write_text(STEEL, encoding="utf-8")
    checked = wattledger("profile", "check", str(profile), str(source), "--json")
    assert checked.returncode == 0, checked.stderr
    (shown,) = json.loads(checked.stdout)["files"]
    (channel,) = shown["channels"]
    assert (shown["rows_delivered"], channel["meter_days"]) == (35_040, 365)
    assert channel["energy_kwh"] == "959636.710"
    assert (channel["first_label"], channel["last_label"]) == ("2018-01-01 00:15", "2018-12-31 24:00")
    assert _row(house, "select count(*) from landing.batch where source = 'steel plant'") == (0,)
    taken = wattledger("ingest", str(source), "--profile", str(profile))
    assert taken.returncode == 0, taken.stdout + taken.stderr
    counted = _row(
        house,
        f"select count(*), sum({SUM}) from landing.meter_day where metering_point_id = 'STEEL-01'",
    )
    assert counted == (365, 959_636_710)
    batch = (
        "select rows_delivered, rows_landed, rows_quarantined from landing.batch where source = 'steel plant'"
    )
    assert _row(house, batch) == (35_040, 35_040, 0)


def test_profile_check__an_ambiguous_file_shows_both_readings(wattledger: Command, tmp_path: Path) -> None:
    profile = tmp_path / "p.yml"
    profile.write_text(STEEL.replace("label: end\n", ""), encoding="utf-8")
    source = tmp_path / "a.csv"
    source.write_text("date,Usage_kWh\n01-01-2018 00:15,1\n01-01-2018 00:30,1\n")
    refused = wattledger("profile", "check", str(profile), str(source))
    assert refused.returncode == 1
    assert "Reading 1: label: begin" in refused.stdout
    assert "Reading 2: label: end" in refused.stdout


def test_profile_check__a_wrong_profile_names_line_and_remedy(wattledger: Command, tmp_path: Path) -> None:
    profile = tmp_path / "p.yml"
    profile.write_text(STEEL.replace("unit: kWh", "unit: kwh"), encoding="utf-8")
    for command in (("profile", "check", str(profile)), ("ingest", str(profile), "--profile", str(profile))):
        wrong = wattledger(*command)
        assert wrong.returncode == 1
        assert "p.yml, line 6: unit:" in " ".join(wrong.stderr.split())
        assert "Traceback" not in wrong.stderr
    assert wattledger("profile", "check", str(profile), "--json").returncode == 1


def test_profile_check__refused_rows_are_exit_code_2(wattledger: Command, tmp_path: Path) -> None:
    profile, source = tmp_path / "p.yml", tmp_path / "a.csv"
    profile.write_text(STEEL, encoding="utf-8")
    source.write_text("date,Usage_kWh\n01-01-2018 00:15,1\n01-01-2018 00:30,bad\n")
    checked = wattledger("profile", "check", str(profile), str(source))
    assert checked.returncode == 2
    assert "line 3, field Usage_kWh: 'bad' is not a number" in " ".join(checked.stdout.split())


def test_ingest_returns__a_refused_workbook_comes_back_annotated(
    wattledger: Command, house: House, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "contract_quantity"
    sheet.append(["contract_id", "delivery_month", "quantity_mwh"])
    sheet.append(["C1", "2026-09", "12 MWh"])
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "q.xlsx")
    inside = wattledger("ingest", str(tmp_path / "in"), "--returns", str(tmp_path / "in" / "back"))
    assert inside.returncode == 1
    assert "name a folder outside" in " ".join(inside.stderr.split())
    taken = wattledger("ingest", str(tmp_path / "in"), "--returns", str(tmp_path / "back"), "--json")
    assert taken.returncode == 2
    (copy,) = json.loads(taken.stdout)["returned"]
    assert copy["path"] == str(tmp_path / "back" / "q.xlsx")
    comment = openpyxl.load_workbook(copy["path"])["contract_quantity"]["C2"].comment
    assert comment is not None
    assert "is not a number" in comment.text
    sheet["C2"].value = "13 MWh"
    book.save(tmp_path / "in" / "q.xlsx")
    again = wattledger("ingest", str(tmp_path / "in"))
    assert f"annotated q.xlsx: {house.home.root / 'returned' / 'q.xlsx'}" in again.stdout


def test_inbox__takes_in_a_profiled_folder_and_returns_refused_workbooks(house: House) -> None:
    """The drop folder's asset, as its sensor runs it."""
    folder = house.inbox / "steel"
    folder.mkdir()
    (folder / "source_profile.yml").write_text(STEEL.replace("STEEL-01", "STEEL-02"), encoding="utf-8")
    (folder / "x.csv").write_text("date,Usage_kWh\n03-01-2018 00:15,1.25\n03-01-2018 00:00,2\n")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "customer_kpi"
    sheet.append(["customer_id", "kpi_month", "kpi_code", "value", "unit"])
    sheet.append(["K1", "2026-09", "output", "lots", "t"])
    book.save(house.inbox / "kpi.xlsx")
    result = dg.materialize([batch], resources={"house": house}, instance=dg.DagsterInstance.ephemeral())
    metadata = result.asset_materializations_for_node("landing__batch")[0].metadata
    copy = house.returned / "kpi.xlsx"
    assert metadata["returned"].value == [f"kpi.xlsx: {copy}"]
    comment = openpyxl.load_workbook(copy)["customer_kpi"]["D2"].comment
    assert comment is not None
    assert "field value: 'lots' is not a number" in comment.text
    assert metadata["rows_delivered"].value == 3
    day = "select p01, p96 from landing.meter_day where metering_point_id = 'STEEL-02'"
    assert _row(house, day) == (1250, 2000)


def test_ingest__contradicting_options_are_refused(wattledger: Command, tmp_path: Path) -> None:
    (tmp_path / "p.yml").write_text(STEEL, encoding="utf-8")
    wrong = wattledger("ingest", str(tmp_path), "--profile", str(tmp_path / "p.yml"), "--feed", "customer")
    assert wrong.returncode == 1
    assert "contradicts" in wrong.stderr


@pytest.mark.parametrize("command", [("ingest",), ("profile", "check")])
def test_help__teaches_by_example(wattledger: Command, command: tuple[str, ...]) -> None:
    shown = wattledger(*command, "--help").stdout
    assert f"wattledger {' '.join(command)}" in shown
    assert "Example" in shown

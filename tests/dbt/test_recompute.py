"""Recomputing only what is new gives the same rows as computing everything, whatever changed in between."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa

from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from ingestion.vee.editing import edit_file
from orchestration.runs import BusinessDay, request_settlement, writing_marts
from orchestration.transform import TransformError
from orchestration.unchanged import models, read_manifest, to_build
from orchestration.warehouse import Warehouse
from tests.dbt.deliveries import (
    MASTER,
    METER_HEADER,
    SINCE,
    Row,
    meter_rows,
    write_csv,
    write_pack,
    write_retailer,
)
from tests.dbt.pipeline import checksum, rows
from tests.dbt.retailer import DAYS, MONTH, Retailer, random_retailer
from tests.dbt.warm import run_warm

pytestmark = pytest.mark.integration

TODAY = DAYS[-1] + timedelta(days=2)
PATH = [
    "staging.stg_meter_day",
    *(
        f"intermediate.int_{name}"
        for name in (
            "point_day_assignment",
            "point_day_energy",
            "contract_day",
            "province_day",
        )
    ),
]
ENDS = "+int_province_day_curve"
METERED = {
    "stg_meter_day_reign",
    "stg_meter_day",
    *(name.partition(".")[2] for name in PATH if name.startswith("intermediate.")),
}
"""What a batch of metering is computed into; master data, schedules and views stand."""


class _Path:
    """The energy path of one retailer in a test's warehouse."""

    def __init__(self, warehouse: Warehouse, target: Path, folder: Path) -> None:
        self.warehouse, self.target, self.folder = warehouse, target, folder
        self.deliveries = 0

    def land(self, feed: str, header: str, lines: Sequence[Row]) -> None:
        """One more delivery."""
        self.deliveries += 1
        path = write_csv(self.folder / f"{feed}-{self.deliveries}.csv", header.split(","), lines)
        (report,) = ingest_paths(self.warehouse.admin, [path], feed)
        assert [refusal.message for refusal in report.refusals] == []

    def build(self, *, select: str = ENDS, day: date = TODAY) -> int:
        """Run the models but for those that stand since the last build of the same ones; the run's id."""
        engine = self.warehouse.admin
        with writing_marts(engine, select, BusinessDay.pinned(day), on_wait=_nobody_waits) as run:
            stands = []
            if run.states_before:
                manifest = read_manifest(self.target / "manifest.json")
                news = {node["name"] for node in to_build(engine, manifest, run.states_before, run.states)}
                stands = ["--exclude", *({node["name"] for node in models(manifest).values()} - news)]
            self.build_at(run.run_id, *stands, select=select)
        return run.run_id

    def built(self) -> set[str]:
        """Models that the last dbt made."""
        results = json.loads((self.target / "run_results.json").read_text(encoding="utf-8"))["results"]
        names = (str(one["unique_id"]).split(".") for one in results)
        return {name[-1] for name in names if name[0] == "model"}

    def build_at(self, run_id: int, *options: str, select: str = ENDS) -> None:
        """Run the models at the cut of some run."""
        kinds = ("--resource-type", "model", "--resource-type", "seed")
        run_warm(
            ["build", "--quiet", *kinds, "--select", select, *options],
            url=self.warehouse.url("wl_transform"),
            target=self.target,
            pgoptions=f"-c wattledger.run_id={run_id}",
        )

    def stands(self) -> dict[str, str]:
        """What the tables hold."""
        return checksum(self.warehouse.admin, PATH)

    def agrees(self, run_id: int) -> dict[str, str]:
        """The tables hold what a full refresh at the same cut gives; what it is."""
        recomputed = self.stands()
        self.build_at(run_id, "--full-refresh")
        assert self.stands() == recomputed
        return recomputed


def _nobody_waits(message: str) -> NoReturn:
    raise AssertionError(message)


@pytest.fixture
def path(warehouse: Warehouse, dbt_target: Path, tmp_path: Path) -> _Path:
    """A month of a random retailer, all but the last day of its first point, built once."""
    retailer = _retailer()
    write_retailer(tmp_path / "first", retailer)
    meters = tmp_path / "first" / retailer.province / "meter_day.csv"
    lines = meters.read_text().splitlines(keepends=True)
    late = [line for line in lines if line.startswith(f"{_first_point(retailer)},") and str(DAYS[-1]) in line]
    meters.write_text("".join(line for line in lines if line not in late))
    write_pack(tmp_path / "packs", retailer)
    load_packs(warehouse.admin, [tmp_path / "packs"])
    ingest_paths(warehouse.admin, [tmp_path / "first"])
    request_settlement(warehouse.admin, retailer.province, [MONTH])
    made = _Path(warehouse, dbt_target, tmp_path / "next")
    made.build()
    return made


def _retailer() -> Retailer:
    return random_retailer(20260301, "law_again", "difference", "da_unified")


def _first_point(retailer: Retailer) -> str:
    return retailer.contracts[0].accounts[0].points[0].point_id


def _untouched(engine: sa.Engine) -> dict[str, str]:
    """Physical places of the stored keys: the same as long as nobody rewrote them."""
    query = """
        select delivery_on || metering_point_id as key, ctid::text as place
        from intermediate.int_point_day_energy
    """
    return {row["key"]: row["place"] for row in rows(engine, query)}


def test_recompute__corrections_rewrite_their_point_days_only(path: _Path) -> None:
    engine, retailer = path.warehouse.admin, _retailer()
    point = retailer.contracts[1].accounts[0].points[0]
    before, stood = _untouched(engine), path.stands()
    changed = [list(line) for line in meter_rows(point, DAYS[3:5]) if line[1] == "active_import"]
    for line in changed:
        line[3] = "777.777"
    path.land("meter_day", ",".join(METER_HEADER), changed)
    run = path.build()
    assert path.built() == METERED
    after = _untouched(engine)
    assert {key for key in before if before[key] != after[key]} == {
        f"{day}{point.point_id}" for day in DAYS[3:5]
    }
    assert path.stands() != stood
    path.agrees(run)


def test_recompute__a_province_day_without_gaps_is_corrected_by_the_difference(path: _Path) -> None:
    engine, point = path.warehouse.admin, _retailer().contracts[1].accounts[0].points[0]
    whole = "select delivery_on from intermediate.int_province_day_key where missing_slots = 0 order by 1"
    by_difference, added_up = (row["delivery_on"] for row in rows(engine, whole)[:2])
    falsified = "update intermediate.int_province_day set"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"{falsified} p01 = p01 + 1 where delivery_on = '{by_difference}'")
        connection.exec_driver_sql(f"{falsified} p02 = null where delivery_on = '{added_up}'")
    changed = [list(line) for line in meter_rows(point, [by_difference, added_up])]
    for line in changed:
        line[3] = "888.888"
    path.land("meter_day", ",".join(METER_HEADER), changed)
    run = path.build()
    errors = """
        select sums.delivery_on, sums.p01 - sum(members.p01) as p01, sums.p02 - sum(members.p02) as p02
        from intermediate.int_province_day as sums
        inner join intermediate.int_contract_day as members using (province, delivery_on)
        group by sums.province, sums.delivery_on, sums.p01, sums.p02
    """
    found = {row["delivery_on"]: (row["p01"], row["p02"]) for row in rows(engine, errors)}
    assert (found[by_difference], found[added_up]) == ((1, 0), (0, 0))
    path.build_at(run, "--full-refresh")
    assert {(row["p01"], row["p02"]) for row in rows(engine, errors)} == {(0, 0)}


def test_recompute__late_day_new_contract_and_moved_point_equal_a_full_refresh(path: _Path) -> None:
    retailer = _retailer()
    first, second = retailer.contracts[:2]
    late = meter_rows(first.accounts[0].points[0], [DAYS[-1]])
    path.land("meter_day", ",".join(METER_HEADER), list(late))
    seen = [path.agrees(path.build())]

    moved = (_first_point(retailer), DAYS[9], second.accounts[0].account_id, "meter", 1, 1, "import_only")
    path.land("metering_point", MASTER["metering_point"], [moved])
    seen.append(path.agrees(path.build()))

    ends = ((second, DAYS[19]), (retailer.contracts[2], TODAY + timedelta(days=90)))
    terms: list[Row] = [
        (one.contract_id, f"{one.contract_id}-k", retailer.province, one.package_type, SINCE, MONTH, end)
        for one, end in ends
    ]
    path.land("contract", MASTER["contract"], terms)
    seen.append(path.agrees(path.build()))

    seen.append(path.agrees(path.build(day=TODAY + timedelta(days=40))))
    stranger = meter_rows(retailer.contracts[2].accounts[0].points[0], [DAYS[2]])
    path.land("meter_day", ",".join(METER_HEADER), [["ghost", *line[1:]] for line in stranger])
    seen.append(path.agrees(path.build(day=TODAY + timedelta(days=40))))
    assert all(
        one["intermediate.int_point_day_energy"] != two["intermediate.int_point_day_energy"]
        for one, two in pairwise(seen)
    )


def test_recompute__a_gap_in_one_province_leaves_no_other_of_its_day_behind(
    path: _Path, tmp_path: Path
) -> None:
    first, other = _retailer(), _with_another(path, tmp_path)
    path.agrees(path.build())
    gappy, whole = other.contracts[0].accounts, first.contracts[0].accounts[0].points[0]
    gap = [line for account in gappy for point in account.points for line in meter_rows(point, [DAYS[1]])]
    for line in gap:
        line[7] = ""
    both = [line for point in (whole, gappy[0].points[0]) for line in meter_rows(point, [DAYS[0], DAYS[2]])]
    changed = [*both, *meter_rows(whole, [DAYS[1]])]
    for line in changed:
        line[3] = "999.999"
    path.land("meter_day", ",".join(METER_HEADER), [*gap, *changed])
    path.agrees(path.build())

    alone = meter_rows(whole, DAYS[:3])
    for line in alone:
        line[4] = "111.111"
    path.land("meter_day", ",".join(METER_HEADER), list(alone))
    path.agrees(path.build())


def test_recompute__a_contract_day_gains_its_only_metering_and_loses_it(path: _Path, tmp_path: Path) -> None:
    engine, other = path.warehouse.admin, _with_another(path, tmp_path, dark_on=DAYS[4])
    contract = next(one for one in other.contracts if not one.accounts[0].points[0].exported)
    point = contract.accounts[0].points[0].point_id
    known = f"""
        select p01 from intermediate.int_contract_day where metering_points > 0
        and contract_id = '{contract.contract_id}' and delivery_on = '{DAYS[4]}'
    """
    path.agrees(path.build())
    assert rows(engine, known) == []
    header = ["metering_point_id", "delivery_on", *METER_HEADER[3:]]
    edit = write_csv(tmp_path / "edit.csv", header, [(point, DAYS[4], *[9] * 96)])
    edit_file(engine, edit, by="Li Lei", reason="read on site")
    path.agrees(path.build())
    assert [row["p01"] for row in rows(engine, known)] == [9000]
    edit_file(engine, edit, by="Han Mei", reason="wrong meter", withdraw=True)
    path.agrees(path.build())
    assert rows(engine, known) == []


def test_recompute__models_built_one_by_one_add_no_change_twice(path: _Path) -> None:
    """As somebody may choose them in Dagster: the contract has its curve before the point its digest."""
    point = _retailer().contracts[1].accounts[0].points[0]
    line = list(meter_rows(point, [DAYS[3]])[0])
    line[3] = "666.666"
    path.land("meter_day", ",".join(METER_HEADER), [line])
    path.build(select="+stg_meter_day")
    path.build(select="int_contract_day int_province_day")
    path.agrees(path.build())


def test_recompute__a_table_with_other_columns_is_refused_by_their_names(path: _Path) -> None:
    line = list(meter_rows(_retailer().contracts[1].accounts[0].points[0], [DAYS[3]])[0])
    line[3] = "333.333"
    path.land("meter_day", ",".join(METER_HEADER), [line])
    with path.warehouse.admin.begin() as connection:
        connection.exec_driver_sql(
            "alter table intermediate.int_point_day_energy add column older int, drop column trust cascade"
        )
    with pytest.raises(
        TransformError, match=r"has not \(older\) or lacks some of it \(trust\).*--full-refresh"
    ):
        path.build()


def _with_another(path: _Path, folder: Path, dark_on: date | None = None) -> Retailer:
    """A second retailer in a province of its own is landed, too; on one day nothing of it is metered."""
    other = random_retailer(20260302, "law_other", "difference", "da_unified")
    write_retailer(folder / "other", other)
    if dark_on is not None:
        meters = folder / "other" / other.province / "meter_day.csv"
        lines = meters.read_text().splitlines(keepends=True)
        meters.write_text("".join(line for line in lines if str(dark_on) not in line))
    write_pack(folder / "packs", other)
    load_packs(path.warehouse.admin, [folder / "packs"])
    ingest_paths(path.warehouse.admin, [folder / "other"])
    return other


@pytest.mark.parametrize("last", ["stg_meter_day", "int_point_day_energy", "int_contract_day"])
def test_recompute__killed_runs_and_earlier_cuts_heal(path: _Path, last: str) -> None:
    retailer = _retailer()
    earlier = path.build()
    stood = path.stands()
    for number in (1, 2):
        line = list(meter_rows(retailer.contracts[number].accounts[0].points[0], [DAYS[number]])[0])
        line[3 + number] = "555.5"
        path.land("meter_day", ",".join(METER_HEADER), [line])
        killed = path.build(select=f"+{last}")
    path.build_at(killed)
    healed = path.agrees(killed)
    path.build_at(earlier)
    assert path.stands() == stood
    path.build_at(killed, select=f"+{last}")
    path.build_at(killed)
    assert path.stands() == healed

"""Late corrections: what recomputing the energy path costs when 1 % of a month's meter days change.

The real dbt project in a running system: it has as many days before the month, which it knows. The clock is
dbt's own execution time per model (``run_results.json``): starting dbt and parsing the project cost the same
whatever changed. A month is built, and corrections come, on a server at rest: vacuum and checkpoint after
what was written before are nobody's time, for a month's days come one by one and its corrections days later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
import sqlalchemy as sa

from benchmarks import retailer
from benchmarks.curves import Curves
from benchmarks.postgres_peer import land_day
from ingestion.intake import ingest_paths
from ingestion.market_rules import BUILT_IN, load_packs
from orchestration.runs import BusinessDay, request_settlement, writing_marts
from orchestration.transform import run_dbt
from orchestration.unchanged import models, read_manifest, to_build
from orchestration.warehouse import Warehouse

PROVINCE: Final = "shandong"
BUDGET: Final = 0.05
"""Upper bound of the recompute's time ÷ the full month's (issue 3), for 10,000 points and more."""

POINTS_PER_CONTRACT: Final = 2
LAST_MODEL: Final = "int_province_day"
TURNS: Final = 3
"""Corrections of each kind, always of other points; the median turn counts."""

_KINDS: Final = ("--resource-type", "model", "--resource-type", "seed")
_ENERGY: Final = """
select count(version), sum(energy_wh), (
    select sum(p01) from intermediate.int_province_day where delivery_on >= %(first_on)s
)
from intermediate.int_point_day_energy where delivery_on >= %(first_on)s
"""


@dataclass(frozen=True)
class Recompute:
    """Seconds per model of the full month and of two recomputes; ``corrected`` counts each one's meter days.

    ``full``: a month in an empty warehouse, whose tables are filled whole; the budget is judged by it.
    ``arriving``: the month after it, beside what stands. ``spread``: corrections on every day of that month,
    so that no day stands. ``late``: as many on the last days only, as a grid company delivers them. Both are
    judged.
    """

    points: int
    days: int
    corrected: int
    full: Mapping[str, float]
    arriving: Mapping[str, float]
    spread: Mapping[str, float]
    late: Mapping[str, float]

    @property
    def ratio(self) -> float:
        """Time of the spread recompute ÷ time of the full month."""
        return sum(self.spread.values()) / sum(self.full.values())

    @property
    def late_ratio(self) -> float:
        """Time of the late recompute ÷ time of the full month."""
        return sum(self.late.values()) / sum(self.full.values())

    @property
    def arriving_ratio(self) -> float:
        """Time of the spread recompute ÷ time of a month that comes to a system with another."""
        return sum(self.spread.values()) / sum(self.arriving.values())

    @property
    def passes(self) -> bool:
        """Whether both ratios keep the budget."""
        return max(self.ratio, self.late_ratio) <= BUDGET


def measure_recompute(warehouse: Warehouse, curves: Curves, folder: Path) -> Recompute:
    """Land a month and build the energy path, then the next month, then corrections of 1 % of it.

    The recomputed totals are compared with the landed ones; ValueError when they differ.
    """
    engine = warehouse.admin
    load_packs(engine, [BUILT_IN / PROVINCE])
    retailer.write_master_data(folder / "master", curves, PROVINCE, POINTS_PER_CONTRACT, "fixed")
    ingest_paths(engine, [folder / "master"])
    before = timedelta(days=len(curves.days))
    target, today = folder / "dbt", curves.days[-1] + timedelta(days=1)
    request_settlement(
        engine, PROVINCE, sorted({day.replace(day=1) for day in (curves.first_on - before, curves.first_on)})
    )
    for index, day in enumerate(curves.days):
        land_day(engine, curves.day(index, day - before))
    _rest(engine)
    full = _build(warehouse, target, today)
    for index in range(len(curves.days)):
        land_day(engine, curves.day(index))
    _rest(engine)
    arriving = _build(warehouse, target, today)
    _check(engine, curves, {})
    corrected: dict[tuple[int, int], int] = {}
    medians = []
    for name, late in (("spread", False), ("late", True)):
        seconds = []
        for turn in range(TURNS):
            corrections = _late(curves, TURNS + turn) if late else _spread(curves, turn)
            path = _write_corrections(folder / f"meter_day-{name}-{turn}.csv", curves, corrections)
            _rest(engine)
            (report,) = ingest_paths(engine, [path], "meter_day")
            if report.rows_landed != len(corrections):
                raise ValueError(f"{path.name}: {report.rows_landed} of {len(corrections)} rows landed")
            seconds.append(_build(warehouse, target, today))
            corrected |= corrections
            _check(engine, curves, corrected)
        medians.append(sorted(seconds, key=lambda models: sum(models.values()))[TURNS // 2])
    return Recompute(len(curves.points), len(curves.days), report.rows_landed, full, arriving, *medians)


def _rest(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum (analyze)")
        connection.exec_driver_sql("checkpoint")


def _build(warehouse: Warehouse, target: Path, today: date) -> dict[str, float]:
    """Run the models up to the province's curve; seconds of each by dbt's own clock."""
    engine = warehouse.admin
    with writing_marts(engine, "bench", BusinessDay.pinned(today), on_wait=nobody_waits) as run:
        stands = []
        if run.states_before:
            manifest = read_manifest(target / "manifest.json")
            news = {node["name"] for node in to_build(engine, manifest, run.states_before, run.states)}
            stands = ["--exclude", *({node["name"] for node in models(manifest).values()} - news)]
        run_dbt(
            ["build", "--quiet", *_KINDS, "--select", f"+{LAST_MODEL}", *stands],
            url=warehouse.url("wl_transform"),
            target=target,
            pgoptions=run.pgoptions,
        )
    return model_seconds(target)


def model_seconds(target: Path) -> dict[str, float]:
    """Seconds of each model of the last run in ``target``, by dbt's own clock."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {
        str(one["unique_id"]).removeprefix("model.wattledger."): float(one["execution_time"])
        for one in results
        if str(one["unique_id"]).startswith("model.")
    }


def _spread(curves: Curves, first: int) -> dict[tuple[int, int], int]:
    """(day, point) → Wh by which its first slot rises: every hundredth point, over the whole month."""
    share = range(first, len(curves.points), 100)
    return {(day, point): 1 + day for day in range(len(curves.days)) for point in share}


def _late(curves: Curves, first: int) -> dict[tuple[int, int], int]:
    """As many on the last tenth of the days, by other Wh: there every tenth point."""
    days = len(curves.days)
    last = max(1, days // 10)
    share = range(first, len(curves.points), max(1, 100 * last // days))
    return {(day, point): 101 + day for day in range(days - last, days) for point in share}


def _write_corrections(path: Path, curves: Curves, corrected: Mapping[tuple[int, int], int]) -> Path:
    """The delivery of the corrected meter days."""
    rows = []
    for (day, point), more in corrected.items():
        wh = curves.wh[day, point].tolist()
        wh[0] += more
        texts = [f"{value // 1000}.{value % 1000:03d}" for value in wh]
        rows.append([curves.points[point], "active_import", curves.days[day], *texts])
    header = ["metering_point_id", "channel", "delivery_on", *(f"p{slot:02d}" for slot in range(1, 97))]
    return retailer.write_csv(path, header, rows)


def _check(engine: sa.Engine, curves: Curves, corrected: Mapping[tuple[int, int], int]) -> None:
    """Equal answers first: the models' totals are those of the curves with their corrections."""
    more = sum(corrected.values())
    wanted = (
        len(curves.days) * len(curves.points),
        int(curves.wh.sum(dtype=np.int64)) + more,
        int(curves.wh[:, :, 0].sum(dtype=np.int64)) + more,
    )
    with engine.connect() as connection:
        found = tuple(
            int(value) for value in connection.exec_driver_sql(_ENERGY, {"first_on": curves.first_on}).one()
        )
    if found != wanted:
        raise ValueError(
            f"point days, Wh and Wh of slot 1 are {found}, landed were {wanted}: the run is void"
        )


def nobody_waits(message: str) -> NoReturn:
    """A second writer of a scratch warehouse is a mistake of the bench."""
    raise RuntimeError(f"a scratch warehouse has no second writer: {message}")

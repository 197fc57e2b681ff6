"""One size of the bench: the same meter days into every engine, equal answers first, then the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import polars
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from benchmarks import month_end
from benchmarks import postgres_peer as postgres
from benchmarks.curves import Curves
from benchmarks.duckdb_peer import PROVINCE, DuckPeer, polars_csv_to_parquet, polars_daily_tou
from benchmarks.timing import Action, alternate
from benchmarks.tou_sql import daily_tou, daily_tou_long
from ingestion.market_rules import BUILT_IN, load_packs
from ingestion.market_rules.loader import province_schedules
from ingestion.market_rules.tou import Grid

OURS: Final = "postgres columns"
BUDGET_POINTS: Final = 10_000
"""Budgets are stated for this many points; below it fixed costs of a query (planning, workers) weigh more."""

PARQUET: Final = "duckdb on parquet"
OWN_PARQUET: Final = "duckdb on own parquet"
OWN_TABLE: Final = "duckdb table"
LONG: Final = "duckdb long rows"
MONTH_END: Final = "month-end from slots"
STEP: Final = "month-end from day rows"
BUDGETS: Final = {PARQUET: 1.3, LONG: 1.0}
"""Upper bounds of our time ÷ the peer's time for the daily TOU aggregate (issue 2)."""

NOTE: Final = (
    "'parquet' is what pyarrow and pandas write by default, as WattLedger's exports do: one row group, which "
    "DuckDB reads on one core. 'own parquet' is what DuckDB writes itself: row groups of 122,880 that use "
    "every core; it is shown and has no budget. Loads into PostgreSQL keep a key, a version and a batch, and "
    "compare with what landed before; the peers do none of it."
)

MONTH_END_BUDGETS: Final = {PARQUET: 2.0}
"""Upper bound of our time ÷ the peer's for a month from its slots to lines in fen (issue 5)."""

STEP_BUDGET: Final = 1.0
"""Upper bound of our month-end step, which reads day rows, ÷ each peer's month from slots (issue 5)."""

FILES: Final = 3
"""CSV files, one a day, that are timed."""

Query = Callable[[int], list[tuple[object, ...]]]


class AnswersDiffer(RuntimeError):
    """An engine gave other integers than PostgreSQL: no time of this run would mean anything."""


@dataclass(frozen=True)
class Measure:
    """One line group of the table: our value, the peers' values, and what the ratios must stay under."""

    name: str
    unit: str
    ours: float
    peers: Mapping[str, float]
    budgets: Mapping[str, float] = field(default_factory=dict)

    def ratio(self, peer: str) -> float:
        """Ours ÷ the peer's."""
        return self.ours / self.peers[peer]

    def passes(self, peer: str) -> bool | None:
        """Whether the ratio keeps its budget; None where there is none."""
        return self.ratio(peer) <= self.budgets[peer] if peer in self.budgets else None


def _loads(engine: sa.Engine, curves: Curves, duck: DuckPeer, folder: Path) -> Measure:
    """Every day is one turn, so each engine holds all days afterwards."""
    days = [curves.day(index) for index in range(len(curves.days))]
    tables = [day.wide() for day in days]
    frames = [polars.DataFrame(table) for table in tables]
    actions: dict[str, Action] = {
        OURS: lambda turn: postgres.land_day(engine, days[turn]),
        OWN_TABLE: lambda turn: duck.load(tables[turn]),
        "pyarrow to parquet": lambda turn: pq.write_table(tables[turn], folder / f"arrow_day_{turn}.parquet"),
        "polars to parquet": lambda turn: frames[turn].write_parquet(folder / f"polars_day_{turn}.parquet"),
    }
    seconds = alternate(actions, len(days))
    return Measure("load a day from arrays", "s", seconds.pop(OURS), seconds)


def _deliveries(engine: sa.Engine, curves: Curves, duck: DuckPeer, folder: Path) -> Measure:
    """Files of days after the measured ones; landing is append-only, so this comes last."""
    paths = []
    for turn in range(FILES):
        on = curves.days[-1] + timedelta(days=turn + 1)
        paths.append(folder / f"meter_day_{on}.csv")
        curves.day(0, on).write_csv(paths[turn])
    actions: dict[str, Action] = {
        OURS: lambda turn: postgres.ingest_file(engine, paths[turn]),
        OWN_TABLE: lambda turn: duck.read_csv(paths[turn]),
        "polars to parquet": lambda turn: polars_csv_to_parquet(paths[turn], folder / "day.parquet"),
    }
    seconds = alternate(actions, FILES)
    return Measure("load a day from CSV", "s", seconds.pop(OURS), seconds)


def _queries(engine: sa.Engine, duck: DuckPeer, folder: Path, grids: Mapping[str, Grid]) -> dict[str, Query]:
    """The daily TOU aggregate, by engine; each gives the same rows."""
    days = polars.DataFrame(postgres.tou_days(engine))
    ours = daily_tou(grids, "landing.meter_day", "reference.tou_day", PROVINCE)
    own = daily_tou(grids, "wide", "tou_day", PROVINCE)
    long = daily_tou_long("long", "tou_day", "tou_slot", PROVINCE)

    def parquet(name: str) -> str:
        return daily_tou(grids, f"read_parquet('{folder / name}')", "tou_day", PROVINCE)

    arrow, tuned = parquet("arrow.parquet"), parquet("duckdb.parquet")
    return {
        OURS: lambda _: postgres.rows_of(engine, ours),
        PARQUET: lambda _: duck.rows(arrow),
        OWN_PARQUET: lambda _: duck.rows(tuned),
        OWN_TABLE: lambda _: duck.rows(own),
        LONG: lambda _: duck.rows(long),
        "polars on parquet": lambda _: polars_daily_tou(folder / "arrow.parquet", days, grids),
    }


def _month_end(
    engine: sa.Engine, duck: DuckPeer, curves: Curves, folder: Path, grids: Mapping[str, Grid], repeats: int
) -> list[Measure]:
    """The contracts' lines of the month, from slots by every engine, and from our day rows."""
    prices = month_end.draw_prices(curves)
    month_end.load_postgres(engine, prices)
    month_end.load_duckdb(duck, prices)
    month_end.keep_day_rows(engine, grids)
    days = polars.DataFrame(postgres.tou_days(engine))

    def lines(meter_day: str, tou_day: str) -> str:
        return month_end.month_lines(f"({month_end.day_rows(grids, meter_day, tou_day)})")

    ours, step = lines("landing.meter_day", "reference.tou_day"), month_end.month_lines("bench_day")
    own = lines("wide", "tou_day")
    arrow, tuned = (
        lines(f"read_parquet('{folder / name}')", "tou_day") for name in ("arrow.parquet", "duckdb.parquet")
    )
    queries: dict[str, Query] = {
        OURS: lambda _: postgres.rows_of(engine, ours),
        STEP: lambda _: postgres.rows_of(engine, step),
        PARQUET: lambda _: duck.rows(arrow),
        OWN_PARQUET: lambda _: duck.rows(tuned),
        OWN_TABLE: lambda _: duck.rows(own),
        "polars on parquet": lambda _: month_end.polars_lines(folder / "arrow.parquet", days, grids, prices),
    }
    check_equal({name: query(0) for name, query in queries.items()})
    seconds = alternate(queries, repeats)
    whole, day = seconds.pop(OURS), seconds.pop(STEP)
    is_judged = len(curves.points) >= BUDGET_POINTS
    return [
        Measure(MONTH_END, "s", whole, seconds, MONTH_END_BUDGETS if is_judged else {}),
        Measure(STEP, "s", day, seconds, dict.fromkeys(seconds, STEP_BUDGET) if is_judged else {}),
    ]


def check_equal(answers: Mapping[str, list[tuple[object, ...]]]) -> None:
    """Every engine's rows are the same integers for the same days. Raises AnswersDiffer."""
    plain = {
        name: [(str(day), *map(int, map(str, rest))) for day, *rest in rows] for name, rows in answers.items()
    }
    for name, rows in plain.items():
        if rows != plain[OURS] or not rows:
            wrong = next((pair for pair in zip(plain[OURS], rows, strict=False) if pair[0] != pair[1]), None)
            detail = f"first difference {wrong}" if wrong else f"{len(rows)} rows against {len(plain[OURS])}"
            raise AnswersDiffer(f"{name} differs from {OURS}: {detail}; the run is void")


def _disk(engine: sa.Engine, duck: DuckPeer, folder: Path) -> Measure:
    peers = {
        PARQUET: (folder / "arrow.parquet").stat().st_size,
        OWN_PARQUET: (folder / "duckdb.parquet").stat().st_size,
        OWN_TABLE: duck.table_bytes("wide", folder),
        LONG: duck.table_bytes("long", folder),
    }
    return Measure(
        "disk with indexes",
        "MB",
        postgres.disk_bytes(engine) / 1e6,
        {k: v / 1e6 for k, v in peers.items()},
    )


def run_size(engine: sa.Engine, curves: Curves, folder: Path, repeats: int) -> list[Measure]:
    """Measure one size in an empty migrated warehouse and an empty folder. Raises AnswersDiffer."""
    load_packs(engine, [BUILT_IN / PROVINCE])
    grids = province_schedules([BUILT_IN / PROVINCE])
    duck = DuckPeer(folder)
    loaded = _loads(engine, curves, duck, folder)
    postgres.settle_down(engine)
    duck.load_rules(pa.Table.from_pylist(postgres.tou_days(engine)), grids)
    duck.make_long()
    duck.write_parquet(folder / "duckdb.parquet")
    pq.write_table(curves.wide(), folder / "arrow.parquet")
    queries = _queries(engine, duck, folder, grids)
    check_equal({name: query(0) for name, query in queries.items()})
    seconds = alternate(queries, repeats)
    budgets = BUDGETS if len(curves.points) >= BUDGET_POINTS else {}
    aggregated = Measure("daily TOU, all points", "s", seconds.pop(OURS), seconds, budgets)
    month = _month_end(engine, duck, curves, folder, grids, repeats)
    disk = _disk(engine, duck, folder)
    delivered = _deliveries(engine, curves, duck, folder)
    duck.connection.close()
    return [delivered, loaded, aggregated, *month, disk]

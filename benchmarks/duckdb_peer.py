"""DuckDB on the same data: its own tables (columns and long), and Parquet files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import polars
import pyarrow as pa

from benchmarks.curves import SLOT_COLUMNS
from ingestion.market_rules.tou import Grid

PROVINCE: Final = "shandong"


class DuckPeer:
    """One DuckDB database file in ``folder``; queries read ``wide``, ``long``, ``tou_day``, ``tou_slot``."""

    def __init__(self, folder: Path) -> None:
        """Open an empty database, DuckDB's own settings unchanged."""
        self.path = folder / "peer.duckdb"
        self.connection = duckdb.connect(str(self.path))

    def load(self, day: pa.Table) -> None:
        """Arrow into DuckDB's own table, which has no key; nothing is compared."""
        self.connection.register("arrow_day", day)
        self.connection.execute("create table if not exists wide as select * from arrow_day limit 0")
        self.connection.execute("insert into wide select * from arrow_day")
        self.connection.unregister("arrow_day")

    def load_rules(self, days: pa.Table, schedules: Mapping[str, Grid]) -> None:
        """The TOU day and slot tables as in schema ``reference``."""
        slots = pa.Table.from_pylist(
            [
                {"schedule_id": name, "slot": slot, "tou_period": period}
                for name, grid in schedules.items()
                for slot, period in enumerate(grid, start=1)
            ]
        )
        self.connection.register("days", days)
        self.connection.register("slots", slots)
        self.connection.execute("create or replace table tou_day as select * from days")
        self.connection.execute("create or replace table tou_slot as select * from slots")

    def make_long(self) -> None:
        """One row per slot, from ``wide``, in the order in which a meter would deliver it."""
        columns = ", ".join(SLOT_COLUMNS)
        self.connection.execute(
            "create or replace table long as select metering_point_id, delivery_on, "
            "cast(substr(name, 2) as smallint) as slot, wh from wide "
            f"unpivot (wh for name in ({columns}))"
        )

    def write_parquet(self, path: Path) -> None:
        """Parquet with DuckDB's own defaults, which suit its parallel scan best."""
        self.connection.execute(f"copy wide to '{path}' (format parquet)")

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """All rows of a query."""
        return [tuple(row) for row in self.connection.execute(query).fetchall()]

    def table_bytes(self, table: str, folder: Path) -> int:
        """Bytes of a database file that holds only this table."""
        path = folder / f"only_{table}.duckdb"
        self.connection.execute(f"attach '{path}' as only_one")
        self.connection.execute(f"create table only_one.{table} as select * from {table}")
        self.connection.execute("checkpoint only_one")
        self.connection.execute("detach only_one")
        return path.stat().st_size

    def read_csv(self, path: Path) -> None:
        """One day's CSV file into a table of Wh."""
        wh = ", ".join(f"cast(round({name} * 1000) as integer) as {name}" for name in SLOT_COLUMNS)
        self.connection.execute(
            f"create or replace table day as select metering_point_id, channel, delivery_on, {wh} "
            f"from read_csv('{path}', header = true)"
        )


def polars_csv_to_parquet(path: Path, target: Path) -> None:
    """One day's CSV file through Polars into Parquet of Wh."""
    frame = polars.scan_csv(path, try_parse_dates=True).with_columns(
        (polars.col(name) * 1000).round().cast(polars.Int32) for name in SLOT_COLUMNS
    )
    frame.collect().write_parquet(target)


def polars_daily_tou(
    parquet: Path, days: polars.DataFrame, schedules: Mapping[str, Grid]
) -> list[tuple[object, ...]]:
    """The daily TOU query in Polars' own words, lazily from Parquet."""
    periods = ("sharp", "peak", "flat", "valley", "deep_valley")
    zero = polars.lit(0, polars.Int64)

    def energy(grid: Grid, period: str) -> polars.Expr:
        chosen = [name for name, its in zip(SLOT_COLUMNS, grid, strict=True) if its == period]
        return (
            polars.sum_horizontal(polars.col(name).cast(polars.Int64) for name in chosen) if chosen else zero
        )

    def arms(period: str) -> polars.Expr:
        cases = polars.lit(None, polars.Int64)
        for name, grid in schedules.items():
            cases = polars.when(polars.col("schedule_id") == name).then(energy(grid, period)).otherwise(cases)
        return cases.alias(f"{period}_wh")

    frame = (
        polars.scan_parquet(parquet)
        .filter(polars.col("channel") == "active_import")
        .join(days.filter(polars.col("province") == PROVINCE).lazy(), on="delivery_on")
        .select("delivery_on", *(arms(period) for period in periods))
        .group_by("delivery_on")
        .agg(polars.len().cast(polars.Int64), *(polars.col(f"{period}_wh").sum() for period in periods))
        .sort("delivery_on")
    )
    return [tuple(row) for row in frame.collect().rows()]

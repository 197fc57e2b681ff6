"""Month-end beside the peers: from a month's slots, or from its day rows, to the contracts' lines in fen.

Each metering point is one contract with time-of-use prices of its own; energy is bought at the real-time
price of each slot. All engines do the same integer arithmetic: energy by period, slot by slot times price, a
month's sum by contract, each line rounded half up to the fen, and the margin.

Belongs here: the arithmetic alone, in the macros' SQL. What the product does around it (versions, assignment,
explanation, books) is not measured here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars
import pyarrow as pa
import sqlalchemy as sa

from benchmarks.curves import SLOT_COLUMNS, Curves
from benchmarks.duckdb_peer import PROVINCE, DuckPeer
from benchmarks.tou_sql import dbt_macros, tou_columns
from ingestion.market_rules.tou import Grid
from ingestion.market_rules.vocabulary import TOU_PERIODS

SEED: Final = 20260901
NANO_PER_FEN: Final = 10_000_000
"""Wh x 0.001 yuan/MWh = 1e-9 yuan."""

_MONTH_SUMS: Final = ", ".join(
    f"cast(sum(d.{name}) as bigint) as {name}" for name in (*(f"{p}_wh" for p in TOU_PERIODS), "bought_nano")
)


@dataclass(frozen=True)
class Prices:
    """Made-up prices in 0.001 yuan/MWh: ``market`` per day and slot, ``contracts`` per point and period."""

    market: pa.Table
    contracts: pa.Table


def draw_prices(curves: Curves) -> Prices:
    """Whole yuan, drawn from a fixed seed; none is negative."""
    draw = np.random.default_rng(SEED)
    slots = draw.integers(0, 800, (len(curves.days), len(SLOT_COLUMNS))) * 1000
    market = {"delivery_on": pa.array(curves.days, pa.date32())}
    market |= {name: pa.array(slots[:, n], pa.int32()) for n, name in enumerate(SLOT_COLUMNS)}
    contracts = {"metering_point_id": pa.array(list(curves.points))}
    for period in TOU_PERIODS:
        contracts[f"{period}_price"] = pa.array(
            draw.integers(200, 900, len(curves.points)) * 1000, pa.int64()
        )
    return Prices(pa.table(market), pa.table(contracts))


def load_postgres(engine: sa.Engine, prices: Prices) -> None:
    """The price tables of the bench in schema ``public``."""
    for name, table in (("bench_market_price", prices.market), ("bench_contract_price", prices.contracts)):
        table.to_pandas().to_sql(name, engine, index=False, dtype={"delivery_on": sa.Date()})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze bench_market_price, bench_contract_price")


def load_duckdb(duck: DuckPeer, prices: Prices) -> None:
    """The same tables in DuckDB."""
    for name, table in (("bench_market_price", prices.market), ("bench_contract_price", prices.contracts)):
        duck.connection.register("given", table)
        duck.connection.execute(f"create or replace table {name} as select * from given")
        duck.connection.unregister("given")


def day_rows(schedules: Mapping[str, Grid], meter_day: str, tou_day: str) -> str:
    """Energy by period and cost of each point-day from 96 columns, by ``curve_tou`` and ``curve_dot``."""
    dot = dbt_macros({})["curve_dot"]("m", "p")
    return f"""
select
    m.metering_point_id, m.delivery_on,
    {tou_columns(schedules, "m", "t.schedule_id")},
    {dot} as bought_nano
from {meter_day} as m
inner join {tou_day} as t on t.province = '{PROVINCE}' and m.delivery_on = t.delivery_on
inner join bench_market_price as p on m.delivery_on = p.delivery_on
where m.channel = 'active_import'
"""


def month_lines(days: str) -> str:
    """A row per contract from day rows: fen of each period, fen bought, fen earned; ordered by contract."""
    retail = {period: _fen(f"s.{period}_wh * c.{period}_price") for period in TOU_PERIODS}
    return f"""
with sums as (select d.metering_point_id, {_MONTH_SUMS} from {days} as d group by d.metering_point_id),
lines as (
    select s.metering_point_id, {", ".join(f"{fen} as {period}_fen" for period, fen in retail.items())},
        {_fen("s.bought_nano")} as bought_fen
    from sums as s inner join bench_contract_price as c on s.metering_point_id = c.metering_point_id
)
select lines.*, {" + ".join(f"{period}_fen" for period in TOU_PERIODS)} - bought_fen as margin_fen
from lines order by metering_point_id
"""


def _fen(nano: str) -> str:
    """Half up, in integers: engines divide differently, but agree where nothing is left over."""
    raised = f"({nano} + {NANO_PER_FEN // 2})"
    return f"cast(({raised} - mod({raised}, {NANO_PER_FEN})) / {NANO_PER_FEN} as bigint)"


def keep_day_rows(engine: sa.Engine, schedules: Mapping[str, Grid]) -> None:
    """Store the day rows, as the daily refresh does while the month goes on."""
    query = day_rows(schedules, "landing.meter_day", "reference.tou_day")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"create table bench_day as {query}")
        connection.exec_driver_sql("vacuum (analyze) bench_day")


def polars_lines(
    parquet: Path, days: polars.DataFrame, schedules: Mapping[str, Grid], prices: Prices
) -> list[tuple[object, ...]]:
    """``month_lines`` of ``day_rows`` in Polars' own words, lazily from Parquet."""
    whole = polars.Int64
    market = polars.DataFrame(prices.market).rename({name: f"{name}_price" for name in SLOT_COLUMNS})
    bought = polars.sum_horizontal(
        polars.col(name).cast(whole) * polars.col(f"{name}_price").cast(whole) for name in SLOT_COLUMNS
    )
    sums = (
        polars.scan_parquet(parquet)
        .filter(polars.col("channel") == "active_import")
        .join(days.filter(polars.col("province") == PROVINCE).lazy(), on="delivery_on")
        .join(market.lazy(), on="delivery_on")
        .select(
            "metering_point_id",
            *(_energy(schedules, period).alias(f"{period}_wh") for period in TOU_PERIODS),
            bought.alias("bought_nano"),
        )
        .group_by("metering_point_id")
        .agg(polars.all().sum())
        .join(polars.DataFrame(prices.contracts).lazy(), on="metering_point_id")
    )
    half = NANO_PER_FEN // 2
    retail = [
        ((polars.col(f"{p}_wh") * polars.col(f"{p}_price") + half) // NANO_PER_FEN).alias(f"{p}_fen")
        for p in TOU_PERIODS
    ]
    fen = sums.select(
        "metering_point_id", *retail, ((polars.col("bought_nano") + half) // NANO_PER_FEN).alias("bought_fen")
    )
    sold = polars.sum_horizontal(f"{p}_fen" for p in TOU_PERIODS)
    margins = fen.with_columns((sold - polars.col("bought_fen")).alias("margin_fen"))
    return [tuple(row) for row in margins.sort("metering_point_id").collect().rows()]


def _energy(schedules: Mapping[str, Grid], period: str) -> polars.Expr:
    """Wh of a period under the day's schedule."""
    found = polars.lit(None, polars.Int64)
    for name, grid in schedules.items():
        chosen = [column for column, its in zip(SLOT_COLUMNS, grid, strict=True) if its == period]
        slots = [polars.col(column).cast(polars.Int64) for column in chosen] or [polars.lit(0, polars.Int64)]
        found = (
            polars.when(polars.col("schedule_id") == name).then(polars.sum_horizontal(slots)).otherwise(found)
        )
    return found

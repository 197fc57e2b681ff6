"""The month-end of the product itself: one dbt run from landed curves to lines, then closing the books.

Unlike ``month_end``, which is the arithmetic alone and has peers, everything counts here: versions,
assignment, blockers, shares, statements, books, control sums. Every metering point has a contract of its own
with prices of five periods. Not counted: landing, starting dbt and parsing the project.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from pathlib import Path
from typing import Final

import numpy as np
import sqlalchemy as sa

from benchmarks import retailer
from benchmarks.curves import Curves
from benchmarks.postgres_peer import land_day
from benchmarks.recompute import model_seconds, nobody_waits
from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from orchestration.ledger.closing import close_month
from orchestration.memory import PeakMemory
from orchestration.runs import BusinessDay, request_settlement, writing_marts
from orchestration.transform import run_dbt
from orchestration.warehouse import Warehouse

PROVINCE: Final = "bench"
EXPONENT_BUDGET: Final = 1.15
"""Upper bound of b in seconds = a · points^b between the two largest sizes (issue 5)."""
MEMORY_BUDGET: Final = 2_000_000_000
"""Bytes of all processes together, dbt and the database among them, whatever the number of points."""

_SELECTED: Final = ("--resource-type", "model", "--resource-type", "seed", "--select")
_SETTLEMENT: Final = "+path:models/marts/settlement"
_BOOKS: Final = """
select
    (select sum(energy_wh) from ledger.settlement_contract),
    (select count(distinct contract_id) from ledger.settlement_line where side = 'retail'),
    (select count(*) from ledger.settlement_line)
"""


@dataclass(frozen=True)
class ClosedMonth:
    """Seconds per model and of closing; ``lines`` were booked; ``peak`` bytes of all processes together."""

    points: int
    lines: int
    models: Mapping[str, float]
    closing: float
    peak: int

    @property
    def seconds(self) -> float:
        """All models and the closing."""
        return sum(self.models.values()) + self.closing


def exponent(sizes: Sequence[ClosedMonth]) -> float:
    """b of seconds = a · points^b of the two largest sizes."""
    small, large = sorted(sizes, key=lambda one: one.points)[-2:]
    return log(large.seconds / small.seconds) / log(large.points / small.points)


def measure_closed_month(
    warehouse: Warehouse, curves: Curves, folder: Path, server_pid: int | None
) -> ClosedMonth:
    """Land a month, settle it in one dbt run, close it.

    ``server_pid`` is the database server's, whose memory counts; None when it is not on this machine.
    ValueError where the books hold other energy or contracts than were landed.
    """
    engine = warehouse.admin
    load_packs(engine, [retailer.write_pack(folder / "packs", PROVINCE)])
    retailer.write_master_data(folder / "given", curves, PROVINCE, 1, "tou_fixed")
    retailer.write_market(folder / "given", curves, PROVINCE, len(curves.points))
    ingest_paths(engine, [folder / "given"])
    for index in range(len(curves.days)):
        land_day(engine, curves.day(index))
    month = curves.first_on.replace(day=1)
    request_settlement(engine, PROVINCE, [month])
    watched = [os.getpid()] if server_pid is None else [os.getpid(), server_pid]
    with PeakMemory(watched, interval_seconds=0.2) as memory:
        models = _settle(warehouse, folder / "dbt", curves.days[-1] + timedelta(days=1))
        closing = _close(warehouse, month)
    lines = _check(engine, curves)
    # the landed curves are kept here to check the books with; no product holds them
    return ClosedMonth(len(curves.points), lines, models, closing, memory.peak_bytes - curves.wh.nbytes)


def _settle(warehouse: Warehouse, target: Path, today: date) -> dict[str, float]:
    with writing_marts(warehouse.admin, "marts", BusinessDay.pinned(today), on_wait=nobody_waits) as run:
        run_dbt(
            ["build", "--quiet", *_SELECTED, _SETTLEMENT],
            url=warehouse.url("wl_transform"),
            target=target,
            pgoptions=run.pgoptions,
        )
    return model_seconds(target)


def _close(warehouse: Warehouse, month: date) -> float:
    books = warehouse.engine("wl_ledger")
    start = time.perf_counter()
    close_month(books, month, "bench")
    seconds = time.perf_counter() - start
    books.dispose()
    return seconds


def _check(engine: sa.Engine, curves: Curves) -> int:
    """Equal energy first: the books hold what was landed, of every contract; how many lines."""
    with engine.connect() as connection:
        energy, contracts, lines = connection.exec_driver_sql(_BOOKS).one()
    wanted = (int(curves.wh.sum(dtype=np.int64)), len(curves.points))
    if (int(energy or 0), contracts) != wanted:
        raise ValueError(
            f"the books hold {energy} Wh of {contracts} contracts, landed were {wanted}: the run is void"
        )
    return int(lines)

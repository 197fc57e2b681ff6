"""Pricing one month of many contracts under mixed packages: the real dbt models, and the peer on the same.

The clock of ours is dbt's own execution time per model (``run_results.json``), added up over the models of a
pricing. Not counted: starting dbt, writing the request. The peer is ``pricing_peer``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import log
from pathlib import Path
from statistics import median
from typing import Final

import sqlalchemy as sa

from benchmarks.pricing_peer import PricingPeer
from benchmarks.recompute import nobody_waits
from ingestion.contract_templates import Package, land_packages, read_packages
from orchestration.pricing import SELECTION
from orchestration.runs import BusinessDay, writing_marts
from orchestration.transform import run_dbt
from orchestration.warehouse import Warehouse

MONTH: Final = date(2026, 6, 1)
EXPONENT_BUDGET: Final = 1.15
"""Upper bound of b in seconds = a · contracts^b between the two largest sizes."""

COMPONENTS: Final = {
    "fixed": "[{kind: fixed, price: 420}]",
    "tou": "[{kind: tou, price: {peak: 560, flat: 410, valley: 260}}]",
    "spread": "[{kind: spread, d: 45}]",
    "guarantee": "[{kind: guarantee_share, g: 20, s: 0.5}]",
    "linked": "[{kind: linked, k: 1, fee: 8}]",
    "mixed": "[{kind: fixed, share: 0.8, price: 420}, {kind: linked, share: rest, k: 1, fee: 8}]",
    "tiered": "[{kind: tiered, price: [425, 415, 405], upto: [100, 200]}]",
    "deviation": (
        "[{kind: fixed, price: 420}, {kind: deviation, up_band: 0.05, up_price: 20, down_band: 0.05, "
        "down_price: 20, bears: shared, customer_share: 0.5}]"
    ),
    "capped": "[{kind: share, s: 0.6}, {kind: cap_floor, cap: 425}]",
}
"""The mixed packages; contract n has the n-th, in turns."""

# quantities are multiples of 0.125 MWh, so that shares of 0.8 and 0.2 are whole kWh
_REQUEST: Final = """
insert into ops.pricing_case (run_id, case_id, package_hash, delivery_month)
select :run_id, 'C' || n, (cast(:hashes as text[]))[1 + n % :packages], :month
from generate_series(0, :contracts - 1) as n
"""
_INPUTS: Final = """
insert into ops.pricing_input (run_id, case_id, name, period, value)
select :run_id, 'C' || n, given.name, given.period, given.value
from generate_series(0, :contracts - 1) as n
cross join lateral (values
    ('q', 'peak', 100 + (n % 400) * 0.125), ('q', 'flat', 80 + (n % 130) * 0.25),
    ('q', 'valley', 50 + (n % 70) * 0.5), ('base', 'all', 453), ('cost', 'all', 380 + (n % 160) * 0.5),
    ('ref', 'all', 390 + n % 40), ('contract_q', 'all', 230 + n % 90)
) as given (name, period, value)
"""
_TOTALS: Final = """
select case_id, total_cny from marts_sales.sales_package_total where run_id = :run_id order by case_id
"""


class TotalsDiffer(RuntimeError):
    """The peer came to another fen than the models: no time of this run would mean anything."""


@dataclass(frozen=True)
class Pricing:
    """Median seconds of one size: all models, the dearest one, and the peer."""

    contracts: int
    seconds: float
    dearest: str
    dearest_seconds: float
    peer: float

    @property
    def ratio(self) -> float:
        """Ours ÷ the peer's."""
        return self.seconds / self.peer


def exponent(sizes: Sequence[Pricing]) -> float:
    """b of seconds = a · contracts^b of the two largest sizes; below them fixed costs rule."""
    small, large = sorted(sizes, key=lambda one: one.contracts)[-2:]
    return log(large.seconds / small.seconds) / log(large.contracts / small.contracts)


def bench_packages(folder: Path) -> list[Package]:
    """The packages, by way of files as every package goes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, components in COMPONENTS.items():
        path = folder / f"{name}.yml"
        path.write_text(
            f"package: bench_{name}\nversion: 1\ntype: any\ntitle: {{zh: {name}, en: {name}}}\n"
            f"components: {components}\n",
            encoding="utf-8",
        )
        paths.append(path)
    return read_packages(paths, [])


def measure_pricing(warehouse: Warehouse, contracts: int, folder: Path, turns: int) -> Pricing:
    """Price ``contracts`` contracts in one pass, ``turns`` times. Raises TotalsDiffer."""
    packages = bench_packages(folder / "packages")
    land_packages(warehouse.admin, packages)
    runs: list[dict[str, float]] = []
    theirs: list[float] = []
    for _ in range(turns + 1):  # the first turn makes the tables and warms everything; it does not count
        run_id, models = _price(warehouse, packages, contracts, folder / "dbt")
        with PricingPeer(warehouse.admin, run_id) as peer:
            seconds, totals = peer.price(list(COMPONENTS))
        _compare(warehouse.admin, run_id, contracts, totals)
        runs.append(models)
        theirs.append(seconds)
    sums = sorted(runs[1:], key=lambda models: sum(models.values()))
    middle = sums[len(sums) // 2]
    dearest = max(middle, key=lambda name: middle[name])
    return Pricing(contracts, sum(middle.values()), dearest, middle[dearest], median(theirs[1:]))


def _price(
    warehouse: Warehouse, packages: Sequence[Package], contracts: int, target: Path
) -> tuple[int, dict[str, float]]:
    """One run; its id, and dbt's seconds per model."""
    today = BusinessDay.pinned(MONTH.replace(month=7))
    with writing_marts(warehouse.admin, "pricing", today, on_wait=nobody_waits) as run:
        asked = {
            "run_id": run.run_id,
            "contracts": contracts,
            "packages": len(packages),
            "hashes": [package.package_hash for package in packages],
            "month": MONTH,
        }
        with warehouse.admin.begin() as connection:
            connection.execute(sa.text(_REQUEST), asked)
            connection.execute(sa.text(_INPUTS), asked)
        with warehouse.admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("analyze ops.pricing_case, ops.pricing_input")
        run_dbt(
            ["run", "--quiet", *SELECTION],
            url=warehouse.url("wl_transform"),
            target=target,
            pgoptions=run.pgoptions,
        )
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    models = {str(one["unique_id"]).rsplit(".", 1)[1]: float(one["execution_time"]) for one in results}
    return run.run_id, models


def _compare(engine: sa.Engine, run_id: int, contracts: int, totals: Sequence[tuple[str, Decimal]]) -> None:
    """Equal to the fen for every contract."""
    with engine.connect() as connection:
        ours = [tuple(row) for row in connection.execute(sa.text(_TOTALS), {"run_id": run_id})]
    if len(ours) != contracts or any(total is None for _, total in ours):
        raise TotalsDiffer(f"{len(ours)} of {contracts} contracts are priced; the run is void")
    for mine, other in zip(ours, sorted(totals), strict=True):
        if mine != other:
            raise TotalsDiffer(f"{mine[0]} is {mine[1]}, the peer has {other}; the run is void")

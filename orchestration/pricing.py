"""Price packages: cases go into the warehouse under a run's id, dbt computes, the marts are read back.

Nothing is computed here; every amount comes from ``marts_sales``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ingestion.contract_templates import Case, land_packages
from orchestration.ops_tables import PRICING_CASE, PRICING_INPUT
from orchestration.runs import BusinessDay, writing_marts
from orchestration.transform import run_dbt
from orchestration.warehouse import Warehouse

SELECTION = ("--select", "tag:pricing")
_LINES = sa.text(
    """
    select * from marts_sales.sales_package_line
    where run_id = :run_id order by case_id, level, component_no, line_period
    """
)
_TOTALS = sa.text("select * from marts_sales.sales_package_total where run_id = :run_id order by case_id")
Row = dict[str, Any]


@dataclass(frozen=True)
class Priced:
    """What a pricing run came to: totals per case, and lines per component and period, in order."""

    run_id: int
    totals: tuple[Row, ...]
    lines: tuple[Row, ...]

    def lines_of(self, case_id: str) -> list[Row]:
        """The explained breakdown of one case."""
        return [line for line in self.lines if line["case_id"] == case_id]


def price_cases(
    warehouse: Warehouse,
    target: Path,
    business_day: BusinessDay,
    cases: Sequence[Case],
    on_wait: Callable[[str], None],
) -> Priced:
    """Price every case in one pass of SQL. ``target`` is dbt's target folder.

    Raises TransformError when dbt fails.
    """
    packages = {case.package.package_hash: case.package for case in cases}
    ingest, ledger = warehouse.engine("wl_ingest"), warehouse.engine("wl_ledger")
    try:
        land_packages(ingest, list(packages.values()))
        with writing_marts(ledger, "pricing", business_day, on_wait) as run:
            _request(ledger, run.run_id, cases)
            run_dbt(
                ["run", "--quiet", *SELECTION],
                url=warehouse.url("wl_transform"),
                target=target,
                pgoptions=run.pgoptions,
            )
        return read_priced(ledger, run.run_id)
    finally:
        ingest.dispose()
        ledger.dispose()


def read_priced(engine: sa.Engine, run_id: int) -> Priced:
    """Totals and lines of a pricing run."""
    with engine.connect() as connection:
        totals, lines = (
            tuple(dict(row) for row in connection.execute(query, {"run_id": run_id}).mappings())
            for query in (_TOTALS, _LINES)
        )
    return Priced(run_id, totals, lines)


def _request(engine: sa.Engine, run_id: int, cases: Sequence[Case]) -> None:
    """Note what the run is asked to price."""
    with engine.begin() as connection:
        connection.execute(
            PRICING_CASE.insert(),
            [
                {
                    "run_id": run_id,
                    "case_id": case.case_id,
                    "package_hash": case.package.package_hash,
                    "delivery_month": case.month,
                }
                for case in cases
            ],
        )
        inputs = [
            {
                "run_id": run_id,
                "case_id": case.case_id,
                "name": given.name,
                "period": given.period,
                "value": given.value,
            }
            for case in cases
            for given in case.inputs
        ]
        if inputs:
            connection.execute(PRICING_INPUT.insert(), inputs)

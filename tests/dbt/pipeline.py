"""From landed files to marts in a test warehouse: rule packs, a run, dbt as its own role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa

from orchestration.runs import BusinessDay, request_settlement, writing_marts
from orchestration.warehouse import Warehouse
from tests.dbt.warm import run_warm

BUILD = ("build", "--quiet", "--exclude-resource-type", "unit_test")
UNTESTED = ("--exclude-resource-type", "test")
SETTLEMENT = ("--select", "+path:models/marts/settlement", "--indirect-selection", "cautious")
"""Options of a build of the settlement alone, for tests that settle again and again."""


def settle(
    warehouse: Warehouse,
    target: Path,
    day: date,
    months: Mapping[str, Sequence[date]],
    *options: str,
    tested: bool = True,
) -> None:
    """Ask for the months of each province, and build every mart as ``wl_transform``.

    ``target`` is dbt's target folder; tests of one session share it, so that dbt parses once. ``tested`` runs
    dbt's own data tests as well, half of the time: a build that must equal a tested one needs none.
    """
    for province, wanted in months.items():
        request_settlement(warehouse.admin, province, list(wanted))
    with writing_marts(warehouse.admin, "marts", BusinessDay.pinned(day), on_wait=_nobody_waits) as run:
        build = BUILD if tested else (*BUILD, *UNTESTED)
        run_warm(
            [*build, *options], url=warehouse.url("wl_transform"), target=target, pgoptions=run.pgoptions
        )


def rows(engine: sa.Engine, query: str, **values: object) -> list[dict[str, Any]]:
    """Rows of a query as dictionaries."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]


def checksum(engine: sa.Engine, relations: Iterable[str]) -> dict[str, str]:
    """One digest over all rows of each relation, whatever their order."""
    query = "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {} t"
    with engine.connect() as connection:
        return {name: str(connection.scalar(sa.text(query.format(name)))) for name in relations}


def _nobody_waits(message: str) -> NoReturn:
    raise AssertionError(f"a test's warehouse has no second writer: {message}")

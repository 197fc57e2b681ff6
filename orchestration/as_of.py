"""Settle a month again as it was known at a past moment, in a database of its own that is dropped afterwards.

What landed carries the moment at which it became known, and nothing that landed ever changes. So the
deliveries known by then, copied into an empty warehouse, give what a run of that moment would have given.
Rule packs and the SQL are those of now: a closed run names its own (``ledger.settlement_run``).

Copies and runs; what is settled is computed by dbt alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from orchestration.exports.settlement import month_totals
from orchestration.runs import (
    MARKET_TIME,
    BusinessDay,
    contracted_provinces,
    request_settlement,
    writing_marts,
)
from orchestration.transform import run_dbt
from orchestration.warehouse import Warehouse

SETTLE: Final = (
    "build", "--quiet", "--select", "+path:models/marts/settlement",
    "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
)  # fmt: skip
_TABLES: Final = sa.text(
    """
    select
        format('%I.%I', schemas.nspname, tables.relname),
        string_agg(quote_ident(columns.attname), ', ' order by columns.attnum),
        bool_or(columns.attname = 'batch_id')
    from pg_class as tables
    inner join pg_namespace as schemas on tables.relnamespace = schemas.oid
    inner join pg_attribute as columns on tables.oid = columns.attrelid
    where
        schemas.nspname in ('landing', 'reference')
        and tables.relkind in ('r', 'p')
        and not tables.relispartition
        and columns.attnum > 0 and not columns.attisdropped and columns.attgenerated = ''
    group by 1
    order by 1
    """
)

_PARTITIONS: Final = sa.text(
    """
    select format(
        'create table if not exists %I.%I partition of %I.%I %s', schemas.nspname, parts.relname,
        schemas.nspname, tables.relname, pg_get_expr(parts.relpartbound, parts.oid)
    )
    from pg_inherits as links
    inner join pg_class as parts on links.inhrelid = parts.oid
    inner join pg_class as tables on links.inhparent = tables.oid
    inner join pg_namespace as schemas
        on tables.relnamespace = schemas.oid and parts.relnamespace = schemas.oid
    where schemas.nspname in ('landing', 'reference') and tables.relkind = 'p' and parts.relkind = 'r'
    """
)


class AsOfError(RuntimeError):
    """The month cannot be settled as of that moment; the message says why and what to do."""


@dataclass(frozen=True)
class AsOf:
    """A month's totals as known at ``moment``, one row a province as text, and the number of records read."""

    moment: datetime
    records: int
    totals: list[dict[str, str]]


def settle_as_of(
    warehouse: Warehouse, target: Path, month: date, moment: datetime, say: Callable[[str], None]
) -> AsOf:
    """Settle ``month`` from what was known at ``moment``; the warehouse itself is only read.

    ``target`` is dbt's folder; ``say`` hears each step.

    Raises:
        AsOfError: when nothing was known by then, naming the first moment at which something was.
        NotSettledError: when the month was blocked, naming what was missing.
        TransformError: when dbt fails.
    """
    with _scratch(warehouse, say) as scratch:
        say(f"copying what was known at {moment:%Y-%m-%d %H:%M}")
        records = _copy_known(warehouse, scratch, moment)
        provinces = contracted_provinces(scratch.admin)
        if not provinces:
            raise AsOfError(_nothing_known(warehouse, moment))
        for province in provinces:
            request_settlement(scratch.admin, province, [month])
        say(f"settling {month:%Y-%m} of {', '.join(provinces)} from {records} records")
        day = BusinessDay(moment.astimezone(MARKET_TIME).date(), moment)
        with writing_marts(scratch.admin, "marts", day, say) as run:
            run_dbt([*SETTLE], url=scratch.url("wl_transform"), target=target, pgoptions=run.pgoptions)
        with scratch.admin.connect() as connection:
            return AsOf(moment, records, month_totals(connection, month))


@contextmanager
def _scratch(warehouse: Warehouse, say: Callable[[str], None]) -> Iterator[Warehouse]:
    """An empty, migrated warehouse database on the same server, dropped at the end.

    It always has the same name: one that a killed process left is dropped first, and dbt, which writes the
    database into what it parsed, parses once. Who asks meanwhile is told and waits.
    """
    scratch = warehouse.with_database(f"{warehouse.name}_as_of")
    with warehouse.home.lock("as_of", lambda: say("waiting for another `settle --as-of`")):
        _drop(scratch)
        try:
            scratch.prepare()
            yield scratch
        finally:
            scratch.admin.dispose()
            _drop(scratch)


def _drop(scratch: Warehouse) -> None:
    with scratch.maintenance() as connection:
        connection.exec_driver_sql(f'drop database if exists "{scratch.name}" with (force)')


def _copy_known(source: Warehouse, scratch: Warehouse, moment: datetime) -> int:
    """Copy deliveries known by ``moment``, and the reference tables whole; the number of landed records."""
    records = 0
    with source.admin.connect() as reading, scratch.admin.begin() as writing:
        # one snapshot, however long the copying takes; rows come in any order, past foreign keys and triggers
        reading.exec_driver_sql("set transaction isolation level repeatable read")
        writing.exec_driver_sql("set local session_replication_role = replica")
        for statement in reading.scalars(_PARTITIONS).all():
            writing.exec_driver_sql(statement)
        for table, columns, has_batch in reading.execute(_TABLES).all():
            copied = _copy_table(reading, writing, table, columns, moment if has_batch else None)
            records += copied if has_batch and table != "landing.batch" else 0
    return records


def _copy_table(
    reading: sa.Connection, writing: sa.Connection, table: str, columns: str, moment: datetime | None
) -> int:
    known = f"select {columns} from {table}"
    if moment is not None:
        # COPY takes no parameters; a datetime's own form holds nothing to be quoted
        batches = f"select batch_id from landing.batch where known_at <= '{moment.isoformat()}'"
        known += f" where batch_id in ({batches})"
    into = writing.connection.cursor()
    rows = reading.connection.cursor()
    with (
        rows.copy(f"copy ({known}) to stdout (format binary)") as out,
        into.copy(f"copy {table} ({columns}) from stdin (format binary)") as landed,
    ):
        for chunk in out:
            landed.write(chunk)
    return int(into.rowcount)


def _nothing_known(warehouse: Warehouse, moment: datetime) -> str:
    query = sa.text("select min(known_at) from landing.batch where feed = 'contract'")
    with warehouse.admin.connect() as connection:
        first = connection.scalar(query)
    when = (
        f"the first one is known since {first.astimezone(MARKET_TIME):%Y-%m-%d %H:%M}"
        if first
        else "none landed"
    )
    return f"no contract was known at {moment:%Y-%m-%d %H:%M}; {when}"

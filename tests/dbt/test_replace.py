"""Tables and views take the place of those that stand in one transaction (macros/replace.sql)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestration.runs import BusinessDay, writing_marts
from orchestration.transform import TransformError
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows
from tests.dbt.warm import run_warm

pytestmark = pytest.mark.integration

DAY = date(2026, 11, 12)
TABLE, VIEW = "staging.stg_contract", "intermediate.int_customer_group"
INDEXED = "staging.stg_market_price_day"


def test_replace__stands_again_whatever_stood_and_a_failure_leaves_it(
    warehouse: Warehouse, dbt_target: Path
) -> None:
    engine = warehouse.admin
    _build(warehouse, dbt_target)
    first = _relations(engine)
    assert (first[TABLE][0], first[VIEW][0]) == ("r", "v")

    _build(warehouse, dbt_target)
    second = _relations(engine)
    assert {name: kind for name, (kind, _) in second.items()} == {n: kind for n, (kind, _) in first.items()}
    assert second[TABLE][1] != first[TABLE][1]
    assert second[VIEW][1] != first[VIEW][1]
    assert [name for name in second if "__dbt_" in name] == []
    assert len(rows(engine, f"select * from pg_index where indrelid = '{INDEXED}'::regclass")) == 1

    with engine.begin() as connection:
        connection.exec_driver_sql("set local role wl_transform")
        connection.exec_driver_sql(f"drop table {TABLE} cascade")  # with the view
        connection.exec_driver_sql(f"create view {TABLE} as select 1 as other")
        connection.exec_driver_sql(f"create table {VIEW} (other integer)")
    _build(warehouse, dbt_target)
    third = _relations(engine)
    assert {name: kind for name, (kind, _) in third.items()} == {n: kind for n, (kind, _) in first.items()}

    with engine.begin() as connection:
        connection.exec_driver_sql("alter table landing.contract rename column contract_id to lost")
    with pytest.raises(TransformError, match="contract_id"):
        _build(warehouse, dbt_target, "stg_contract")
    assert _relations(engine) == third


def _build(warehouse: Warehouse, target: Path, *select: str) -> None:
    with writing_marts(warehouse.admin, "test", BusinessDay.pinned(DAY), on_wait=lambda _: None) as run:
        run_warm(
            ["run", "--quiet", "--select", *(select or ("+int_customer_group", "+stg_market_price_day"))],
            url=warehouse.url("wl_transform"),
            target=target,
            pgoptions=run.pgoptions,
        )


def _relations(engine: sa.Engine) -> dict[str, tuple[str, int]]:
    """Kind and oid of every table and view that dbt made."""
    query = """
        select nspname || '.' || relname as name, relkind::text as kind, cast(pg_class.oid as bigint) as oid
        from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace
        where relkind in ('r', 'v') and (nspname in ('staging', 'intermediate') or nspname like 'marts%')
    """
    return {row["name"]: (row["kind"], row["oid"]) for row in rows(engine, query)}

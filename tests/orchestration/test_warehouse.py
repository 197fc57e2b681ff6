"""Databases, roles and migrations on a real server."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import ingestion.contract_templates.tables
import ingestion.feeds  # noqa: F401  feeds declare their landing tables when imported
from ingestion.market_rules.reference import METADATA as REFERENCE
from ingestion.tables import METADATA as INGESTION
from ml.tables import METADATA as FORECAST
from orchestration.ledger.tables import METADATA as LEDGER
from orchestration.ops_tables import METADATA as OPS
from orchestration.warehouse import Role, Warehouse

OWN_SCHEMAS = {"landing", "quarantine", "reference", "forecast", "ledger", "ops"}

pytestmark = pytest.mark.integration


def test_migrations__leave_nothing_to_declare(engine: sa.Engine) -> None:
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, parents: name in OWN_SCHEMAS if kind == "schema" else True,
    }
    every_table: Any = [INGESTION, REFERENCE, FORECAST, LEDGER, OPS]  # Alembic takes a list, its stubs do not
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        difference = compare_metadata(context, every_table)
    unexpected = [change for change in difference if "alembic_version" not in str(change)]
    assert unexpected == []


def test_prepare__is_idempotent(warehouse: Warehouse) -> None:
    warehouse.prepare()
    with warehouse.engine("wl_ingest").connect() as connection:
        assert connection.scalar(sa.text("select count(*) from landing.batch")) == 0


@pytest.mark.parametrize(
    "statement",
    ["update landing.batch set feed = 'x'", "delete from landing.batch", "truncate forecast.run cascade"],
)
def test_append_only__is_enforced_even_for_the_superuser(engine: sa.Engine, statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("wl_bi", "select * from landing.batch"),
        ("wl_forecast", "select * from landing.batch"),
        ("wl_transform", "insert into landing.meter_slot_flag default values"),
        ("wl_ingest", "select * from ops.run"),
    ],
)
def test_roles__cannot_leave_their_room(warehouse: Warehouse, role: Role, statement: str) -> None:
    with (
        pytest.raises(sa.exc.DBAPIError, match="permission denied"),
        warehouse.engine(role).begin() as connection,
    ):
        connection.exec_driver_sql(statement)

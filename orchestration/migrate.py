"""Bring the warehouse's own (non-dbt) schemas up to date with Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: sa.Connection) -> Config:
    """Alembic's configuration on an open connection; no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine, *, owner: str) -> None:
    """Apply every migration that is missing, as ``owner``, in one transaction."""
    with engine.begin() as connection:
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('wattledger.migrate'))")
        connection.exec_driver_sql(f"set local role {owner}")
        connection.exec_driver_sql("create schema if not exists ops")  # where Alembic keeps its own version
        command.upgrade(alembic_config(connection), "head")

"""Fixtures that every room's tests share: one embedded server a session, one migrated database a test."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestration.home import Home
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse, embedded_server

TEMPLATE = "wattledger_template"


@pytest.fixture(scope="session")
def server() -> Iterator[Warehouse]:
    """An embedded server of the session's own, with a migrated template database."""
    folder = Path(tempfile.mkdtemp(prefix="wattledger-test-", dir="/var/tmp"))
    folder.chmod(0o711)  # the server's ordinary account must be able to reach its cluster below
    home = Home(folder)
    try:
        warehouse = Warehouse.open(Settings(home, None, ())).with_database(TEMPLATE)
        warehouse.prepare()
        warehouse.admin.dispose()
        yield warehouse
    finally:
        embedded_server(home).stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def warehouse(server: Warehouse) -> Iterator[Warehouse]:
    """A fresh, migrated, empty warehouse database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    maintenance = sa.create_engine(server.admin_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with maintenance.connect() as connection:
        connection.exec_driver_sql(
            f"create database {name} template {TEMPLATE} strategy wal_log owner wl_owner"
        )
        for role in ("wl_ingest", "wl_transform", "wl_forecast", "wl_ledger", "wl_bi", "wl_finance"):
            connection.exec_driver_sql(f"grant connect, temporary on database {name} to {role}")
        connection.exec_driver_sql(f"grant create on database {name} to wl_transform")
    fresh = server.with_database(name)
    yield fresh
    fresh.admin.dispose()
    with maintenance.connect() as connection:
        connection.exec_driver_sql(f"drop database {name} with (force)")


@pytest.fixture
def engine(warehouse: Warehouse) -> sa.Engine:
    """A superuser engine on a fresh, migrated, empty warehouse."""
    return warehouse.admin

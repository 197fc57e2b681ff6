"""Fixtures that every room's tests share: one embedded server a session, one migrated database a test."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from dashboards import server as superset
from ingestion.sample import SampleSummary
from orchestration.cockpit import superset_settings, user_passwords
from orchestration.collector import collect_rarely
from orchestration.home import Home
from orchestration.house import House
from orchestration.sample_run import SampleRun
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse, embedded_server

TEMPLATE = "wattledger_template"
# the same examples in every run: a change is judged, not luck; HYPOTHESIS_PROFILE=explore looks for new ones
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
collect_rarely()
_DEMO_FIXTURE = re.compile(r"\b(demo: Demo|cockpit: Cockpit|visit: Callable)\b")


@contextmanager
def temporary_home() -> Iterator[Home]:
    """A home of its own whose server is stopped and whose files are deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="wattledger-test-", dir="/var/tmp"))
    folder.chmod(0o711)  # the server's ordinary account must be able to reach its cluster below
    home = Home(folder)
    try:
        yield home
    finally:
        embedded_server(home).stop()
        shutil.rmtree(folder, ignore_errors=True)


class DemoTogether(LoadFileScheduling):  # type: ignore[misc]  # xdist is untyped
    """Hands whole files to pytest-xdist's processes, and all that use the demo or its cockpit to one of them.

    Groups marked with ``xdist_group`` would say this per test, but pytest 9.2 drops them (pytest-xdist 3.8).
    """

    def _split_scope(self, nodeid: str) -> str:
        """The group of a test: its file, or the demo's."""
        file = super()._split_scope(nodeid)
        return "demo" if _needs_demo(self.config.rootpath / file) else file


@cache
def _needs_demo(file: Path) -> bool:
    return bool(_DEMO_FIXTURE.search(file.read_text(encoding="utf-8")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where processes share the tests, the long ones come first and the short ones even the ends out."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(
            key=lambda item: (not _needs_demo(item.path), item.get_closest_marker("integration") is None)
        )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> DemoTogether:
    """The demo and its cockpit take minutes to make and belong to the session: one process has them."""
    return DemoTogether(config, log)


@dataclass(frozen=True)
class Demo:
    """The sample retailer after a whole demo without servers."""

    house: House
    summary: SampleSummary
    export_digests: tuple[str, ...]

    def scalar(self, query: str) -> object:
        """The first value that the warehouse's superuser reads."""
        with self.house.warehouse.admin.connect() as connection:
            return connection.scalar(sa.text(query))


@dataclass(frozen=True)
class Cockpit:
    """A running Superset on the demo's warehouse."""

    url: str
    passwords: dict[str, str]
    engine: sa.Engine


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo's pipeline, run once a session: deliveries, marts, closed months, forecast, exports."""
    with temporary_home() as home:
        house = House(Settings(home, None, ()))
        house.warehouse.prepare()
        run = SampleRun(house)
        summary = run.prepare()
        run.refresh(summary)
        run.close_months(summary)
        run.correct(summary)
        run.forecast(summary)
        exports = run.export(summary)
        run.close()
        yield Demo(house, summary, tuple(export.digest for export in exports))
        house.close()


@pytest.fixture(scope="session")
def cockpit(demo: Demo) -> Iterator[Cockpit]:
    """Superset with the project's dashboards on the demo's marts."""
    settings = superset_settings(demo.house)
    superset.deploy(settings)
    url = superset.start(settings)
    yield Cockpit(url, user_passwords(demo.house), demo.house.warehouse.admin)
    superset.stop(settings)


@pytest.fixture(scope="session")
def server() -> Iterator[Warehouse]:
    """An embedded server of the session's own, with a migrated template database."""
    with temporary_home() as home:
        warehouse = Warehouse.open(Settings(home, None, ())).with_database(TEMPLATE)
        warehouse.prepare()
        warehouse.admin.dispose()
        yield warehouse


@contextmanager
def fresh_database(server: Warehouse, name: str, template: str = TEMPLATE) -> Iterator[Warehouse]:
    """A copy of database ``template``, dropped at the end.

    Tests take turns at one name: dbt writes the database into what it parsed, and parses anew for another.
    """
    with server.maintenance() as connection:
        connection.exec_driver_sql(
            f"create database {name} template {template} strategy wal_log owner wl_owner"
        )
        for role in ("wl_ingest", "wl_transform", "wl_forecast", "wl_ledger", "wl_bi", "wl_finance"):
            connection.exec_driver_sql(f"grant connect, temporary on database {name} to {role}")
        connection.exec_driver_sql(f"grant create on database {name} to wl_transform")
    fresh = server.with_database(name)
    yield fresh
    fresh.admin.dispose()
    with server.maintenance() as connection:
        connection.exec_driver_sql(f"drop database if exists {name} with (force)")


@pytest.fixture
def warehouse(server: Warehouse) -> Iterator[Warehouse]:
    """A fresh, migrated, empty warehouse database."""
    with fresh_database(server, "test") as fresh:
        yield fresh


@pytest.fixture
def engine(warehouse: Warehouse) -> sa.Engine:
    """A superuser engine on a fresh, migrated, empty warehouse."""
    return warehouse.admin

"""A warehouse whose two months are settled, copied for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from orchestration.warehouse import Warehouse
from tests.conftest import fresh_database
from tests.dbt.pipeline import settle
from tests.ledger.books import BUSINESS_DATE, FIRST, METHODS, SECOND, write_books

SETTLED = "settled"


@pytest.fixture
def dbt_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's target folder; one for the session, so that dbt parses once."""
    return tmp_path_factory.getbasetemp() / "dbt_target"


@pytest.fixture(scope="session")
def settled_template(server: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database in which every province's two months are settled; nobody is connected to it."""
    folder = tmp_path_factory.mktemp("books")
    write_books(folder / "deliveries", folder / "packs")
    with fresh_database(server, "test") as warehouse:
        load_packs(warehouse.admin, [folder / "packs"])
        reports = ingest_paths(warehouse.admin, [folder / "deliveries"])
        assert [r.message for report in reports for r in report.refusals] == []
        months = {province: [FIRST, SECOND] for province in METHODS}
        settle(warehouse, tmp_path_factory.getbasetemp() / "dbt_target", BUSINESS_DATE, months)
        warehouse.admin.dispose()
        with server.maintenance() as connection:
            connection.exec_driver_sql(f"alter database test rename to {SETTLED}")
        yield SETTLED


@pytest.fixture
def books(server: Warehouse, settled_template: str) -> Iterator[Warehouse]:
    """A warehouse of the test's own in which both months are settled and none is closed."""
    with fresh_database(server, "test", template=settled_template) as warehouse:
        yield warehouse


@pytest.fixture
def ledger(books: Warehouse) -> Iterator[sa.Engine]:
    """The engine that books: wl_ledger's."""
    engine = books.engine("wl_ledger")
    yield engine
    engine.dispose()

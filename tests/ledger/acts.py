"""What the tests of the ledger do: land, refresh, and digest marts and ledger."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingestion.intake import ingest_paths
from orchestration.ledger.tables import METADATA
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import settle
from tests.ledger.books import BUSINESS_DATE, FIRST

MARTS = (
    "settlement_line",
    "settlement_share",
    "settlement_margin",
    "settlement_month",
    "settlement_statement_contract",
    "settlement_statement_line",
    "settlement_statement_point",
    "settlement_income",
    "settlement_alpha",
)
CLOSED_SIGNS = ("run_id", "is_closed")
"""What says that a month is closed; everything else must be as it was before."""
PER_RUN = ("run_id", "recorded_at", "supersedes")
"""What differs from one run of the same inputs to another."""


def content(engine: sa.Engine, month: str | None = FIRST.isoformat()) -> dict[str, str]:
    """A digest of each settlement mart, of ``month``'s statement or of all, without the signs of closing."""
    where = f"where delivery_month = '{month}'" if month else ""
    return {name: _digest(engine, f"marts_settlement.{name}", CLOSED_SIGNS, where) for name in MARTS}


def ledger_content(engine: sa.Engine) -> dict[str, str]:
    """A digest of each table of the ledger, equal for equal runs."""
    return {name: _digest(engine, name, PER_RUN) for name in METADATA.tables}


def refresh(books: Warehouse, target: Path, *options: str) -> None:
    """Bring the marts of settlement, and what they are computed from, up to date."""
    # a test that reads other models as well would compare them with yesterday's
    models = "+path:models/marts/settlement +int_known_point_day"
    wanted = ("--select", models, "--indirect-selection", "cautious")
    settle(books, target, BUSINESS_DATE, {}, *wanted, *options)


def land(books: Warehouse, *paths: Path) -> None:
    """Take deliveries in; every record must land."""
    reports = ingest_paths(books.admin, list(paths))
    assert [r.message for report in reports for r in report.refusals] == []


def _digest(engine: sa.Engine, relation: str, without: tuple[str, ...], where: str = "") -> str:
    apart = "".join(f" - '{column}'" for column in without)
    query = (
        "select md5(coalesce(string_agg(r, '|' order by r), ''))"
        f" from (select cast(to_jsonb(t){apart} as text) as r from {relation} as t {where}) as x"
    )
    with engine.connect() as connection:
        return str(connection.scalar(sa.text(query)))

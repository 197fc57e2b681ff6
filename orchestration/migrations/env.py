"""Alembic environment: the tables that rooms declare in SQLAlchemy, on a connection given by the caller."""

from alembic import context

import ingestion.contract_templates.tables
import ingestion.feeds  # noqa: F401  feeds declare their landing tables when imported
from ingestion.market_rules.reference import METADATA as REFERENCE
from ingestion.tables import METADATA as INGESTION
from ml.tables import METADATA as FORECAST
from orchestration.ledger.tables import METADATA as LEDGER
from orchestration.ops_tables import METADATA as OPS

METADATA = [INGESTION, REFERENCE, FORECAST, LEDGER, OPS]
OWN_SCHEMAS = {"landing", "quarantine", "reference", "forecast", "ledger", "ops"}


def own_schema(name: str | None, kind: str, parents: object) -> bool:
    """Whether Alembic compares this object: dbt owns every other schema."""
    return name in OWN_SCHEMAS if kind == "schema" else True


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_schemas=True,
    include_name=own_schema,
    version_table_schema="ops",
    transactional_ddl=True,
)
context.run_migrations()

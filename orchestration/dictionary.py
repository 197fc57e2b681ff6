"""Write ``docs/data_dictionary.md`` from what the code declares: landing feeds, own tables, dbt models.

``python -m orchestration.dictionary`` writes it; with ``--check`` it only says whether it is up to date.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import ingestion.contract_templates.tables
import ingestion.feeds  # noqa: F401  feeds declare their landing tables when imported
from ingestion.market_rules.reference import METADATA as REFERENCE
from ingestion.tables import METADATA as INGESTION
from ml.tables import METADATA as FORECAST
from orchestration.home import CHECKOUT
from orchestration.ledger.tables import METADATA as LEDGER
from orchestration.ops_tables import METADATA as OPS
from orchestration.transform import run_dbt

TARGET = CHECKOUT / "docs" / "data_dictionary.md"
# dbt parses without a server; it only wants the variables to be set
_NO_SERVER = "postgresql://nobody:nothing@127.0.0.1:1/none"
_CURVE = re.compile(r"^([ph])(\d\d)$")
_HEAD = """# Data dictionary

Generated from the code by `make docs`; do not edit. Units are in the column names: `_mwh`, `_kwh`, `_wh`,
`_cny` (yuan, VAT included), `_cny_per_mwh`, `_rate`. Instants end in `_at`, days in `_on`, months in
`_month`. A run of 96 slot columns or 24 hour columns is shown as one line.
"""
Row = tuple[str, str, str]


def dictionary(manifest: dict[str, Any]) -> str:
    """The whole document: our own tables by schema, then dbt's models by schema."""
    return _HEAD + "".join([*_own_tables(), *_models(manifest)])


def _own_tables() -> Iterator[str]:
    rooms = (INGESTION, REFERENCE, FORECAST, LEDGER, OPS)
    tables = [table for metadata in rooms for table in metadata.sorted_tables]
    for schema, members in groupby(
        sorted(tables, key=lambda t: (str(t.schema), t.name)), key=lambda t: t.schema
    ):
        yield f"\n## Schema `{schema}`\n"
        for table in members:
            yield _section(f"{schema}.{table.name}", table.comment or "", map(_own_row, table.columns))


def _own_row(column: sa.Column[Any]) -> Row:
    kind = str(column.type).lower() + ("" if column.nullable else " not null")
    return column.name, kind, column.comment or ""


def _models(manifest: dict[str, Any]) -> Iterator[str]:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    for schema, members in groupby(
        sorted(models, key=lambda n: (n["schema"], n["name"])), key=lambda n: n["schema"]
    ):
        yield f"\n## Schema `{schema}`\n"
        for model in members:
            columns = model["columns"].values()
            rows = [
                (column["name"], column.get("data_type") or "", column["description"]) for column in columns
            ]
            yield _section(f"{schema}.{model['name']}", model["description"], rows)


def _section(title: str, description: str, rows: Iterable[Row]) -> str:
    lines = [f"\n### {title}\n", f"\n{' '.join(description.split())}\n" if description else ""]
    body = [f"| `{name}` | {kind} | {' '.join(text.split())} |\n" for name, kind, text in _folded(rows)]
    if body:
        lines += ["\n| column | type | meaning |\n|---|---|---|\n", *body]
    return "".join(lines)


def _folded(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with a run of slot or hour columns shown once."""
    for prefix, run in groupby(rows, key=lambda row: m[1] if (m := _CURVE.match(row[0])) else row[0]):
        members = list(run)
        first, last = members[0], members[-1]
        curve = first is not last or prefix != first[0]
        yield (f"{first[0]}…{last[0]}", first[1], first[2]) if curve else first


def main(check: bool) -> int:
    """Write the document, or compare it with what is there; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        run_dbt(["parse", "--quiet"], url=_NO_SERVER, target=Path(folder))
        text = dictionary(json.loads((Path(folder) / "manifest.json").read_text()))
    if check:
        return 0 if TARGET.exists() and TARGET.read_text() == text else 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))

"""Models on rows put in by hand: built once by dbt, then their SQL run as often as wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from orchestration.warehouse import Warehouse
from tests.dbt.warm import run_warm

Rows = Sequence[Mapping[str, object]]


class Chain:
    """Some models in the order in which they read each other, over staging tables that a test fills."""

    def __init__(self, warehouse: Warehouse, target: Path, names: Sequence[str]) -> None:
        """Build the models empty, and keep their SQL as a full refresh would run it."""
        url = warehouse.url("wl_transform")
        select = ["--select", *(f"+{name}" for name in names)]
        relations = ["--resource-type", "model", "--resource-type", "seed"]
        run_warm(["build", "--quiet", *relations, *select], url=url, target=target)
        run_warm(["compile", "--quiet", "--full-refresh", "--select", *names], url=url, target=target)
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        nodes = {node["name"]: node for node in manifest["nodes"].values() if node["name"] in names}
        self._steps = [
            (
                f"{nodes[name]['schema']}.{name}",
                (target / "compiled" / "wattledger" / nodes[name]["original_file_path"]).read_text(
                    encoding="utf-8"
                ),
            )
            for name in names
        ]

    def run(self, connection: sa.Connection, staged: Mapping[str, Rows]) -> None:
        """Put rows into staging tables (or ``schema.table``) in the order given, then run every model."""
        for name, rows in staged.items():
            table = name if "." in name else f"staging.{name}"
            connection.exec_driver_sql(f"truncate {table}")
            if rows:
                columns = list(rows[0])
                insert = f"insert into {table} ({', '.join(columns)}) values "
                insert += f"({', '.join(f':{column}' for column in columns)})"
                connection.execute(sa.text(insert), list(rows))
        for relation, query in self._steps:
            connection.exec_driver_sql(f"truncate {relation}")
            # psycopg reads a % of the driver's SQL as the beginning of a parameter
            connection.exec_driver_sql(f"insert into {relation} {query}".replace("%", "%%"))

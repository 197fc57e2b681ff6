"""What an SQL text reads and returns: its mart columns and its output, by parsing it with sqlglot."""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from dashboards.warehouse import Relations

_DIALECT = "postgres"


@dataclass(frozen=True)
class Lineage:
    """Mart columns read (`schema.table` → columns) and names returned, in order."""

    reads: dict[str, set[str]]
    returns: list[str]


class LineageError(ValueError):
    """The SQL is not SQL, or reads a relation or column that dbt does not declare."""


def trace(sql: str, relations: Relations) -> Lineage:
    """Resolve every column of a query against the declared marts; LineageError names what is unknown."""
    try:
        tree = sqlglot.parse_one(sql, dialect=_DIALECT)
    except SqlglotError as error:
        raise LineageError(f"is not SQL ({str(error).splitlines()[0]})") from error
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        relation = f"{table.db}.{table.name}"
        if relation not in relations and (table.db or table.name not in named):
            raise LineageError(f"reads {relation}, which no dbt mart declares")
    schema: dict[str, object] = {}
    for domain in {relation.split(".")[0] for relation in relations}:
        schema[domain] = {
            name.split(".")[1]: cols for name, cols in relations.items() if name.startswith(f"{domain}.")
        }
    try:
        qualified = qualify(tree, schema=schema, dialect=_DIALECT, quote_identifiers=False)
    except SqlglotError as error:
        raise LineageError(f"reads an unknown column ({str(error).splitlines()[0]})") from error
    reads: dict[str, set[str]] = {}
    for scope in traverse_scope(qualified):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table):
                relation = f"{source.db}.{source.name}"
                if column.name not in relations[relation]:
                    raise LineageError(f"reads {relation}.{column.name}, which dbt does not declare")
                reads.setdefault(relation, set()).add(column.name)
    if not isinstance(qualified, exp.Query):
        raise LineageError("is not a query")
    return Lineage(reads, list(qualified.named_selects))


def columns_in(expression: str) -> set[str]:
    """Column names in an SQL expression such as a metric. Raises LineageError when it is not SQL."""
    try:
        tree = sqlglot.parse_one(f"select {expression}", dialect=_DIALECT)
    except SqlglotError as error:
        raise LineageError(f"is not SQL ({str(error).splitlines()[0]})") from error
    return {column.name for column in tree.find_all(exp.Column)}

"""Checks of platform.yml: names that exist, and no dataset with customers that a row rule forgot."""

from __future__ import annotations

from collections.abc import Iterator

from dashboards.errors import AssetProblem
from dashboards.lineage import LineageError, trace
from dashboards.models import Dataset
from dashboards.render import dataset_sql
from dashboards.source import Source
from dashboards.warehouse import Relations

_FILE = "platform.yml"
_BUILT_IN_ROLES = {"Admin"}


def access_problems(source: Source, marts: Relations) -> Iterator[AssetProblem]:
    """Every mistake in platform.yml that Superset would take without a word."""
    platform = source.platform
    roles = set(platform.roles) | _BUILT_IN_ROLES
    for name, role in platform.roles.items():
        if role.home not in source.dashboards:
            yield _wrong(
                f"roles.{name}.home", f"unknown dashboard {role.home!r}", "name a dashboard of assets/"
            )
    for user in platform.users:
        yield from _unknown(f"users.{user.username}.roles", user.roles, roles)
    if not any(user.username == "admin" and "Admin" in user.roles for user in platform.users):
        yield _wrong("users", "no user 'admin' with role Admin", "keep him: the import is done in his name")
    for board in source.dashboards:
        if not platform.dashboards.get(board):
            yield _wrong("dashboards", f"nobody may see {board!r}", "list its roles")
    for board, names in platform.dashboards.items():
        if board not in source.dashboards:
            yield _wrong("dashboards", f"unknown dashboard {board!r}", "name a dashboard of assets/")
        yield from _unknown(f"dashboards.{board}", names, roles)
    for name, rule in platform.row_rules.items():
        yield from _unknown(f"row_rules.{name}.roles", rule.roles, roles)
        covered = {key for clause in rule.clauses for key in clause.datasets}
        for key in sorted(covered - set(source.datasets)):
            yield _wrong(f"row_rules.{name}", f"unknown dataset {key!r}", "see datasets/")
        for key in sorted(set(source.datasets) - covered):
            exposed = sorted(_read_columns(source, key, source.datasets[key], marts) & set(rule.guards))
            if exposed:
                yield _wrong(
                    f"row_rules.{name}",
                    f"dataset {key!r} reads {exposed} and is under no clause",
                    "add it to a clause, or leave the columns out of it",
                )


def _read_columns(source: Source, key: str, dataset: Dataset, marts: Relations) -> set[str]:
    if dataset.relation:
        return set(marts.get(dataset.relation, {}))
    try:
        reads = trace(dataset_sql(source, key, "zh"), marts).reads
    except (LineageError, KeyError):
        return set()  # reported with the dataset itself
    return {column for columns in reads.values() for column in columns}


def _unknown(where: str, names: list[str], roles: set[str]) -> Iterator[AssetProblem]:
    for name in sorted(set(names) - roles):
        yield _wrong(where, f"unknown role {name!r}", f"use one of {sorted(roles)}")


def _wrong(where: str, message: str, remedy: str) -> AssetProblem:
    return AssetProblem(_FILE, where, message, remedy)

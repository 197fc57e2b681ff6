"""Which dbt models a run may pass over: nothing that they are computed from changed since the last run.

Belongs here: the state of every source and what follows from it for each model. Rows inside a model that did
change are the models' own business (``dbt_project/macros/progress.sql``). A source whose state is not known
here, a model that does not exist and every model after one of them is built, so a mistake costs time only.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from graphlib import TopologicalSorter
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from ingestion.feeds import registry

Manifest = Mapping[str, Any]
Node = Mapping[str, Any]
States = Mapping[str, str]
"""What was read, by source (``landing.meter_day``): equal states mean equal content."""

_CUT: Final = ("stg_run", "stg_batch")
"""What every staged model reads to stay within the run's cut, which the state of its own feed stands for."""

_LANDED_WITH: Final = {"meter_day_verdict": "meter_day", "meter_slot_flag": "meter_day"}
"""Landing tables without a feed of their own, and the feed whose batches bring them."""

_PACKED: Final = (
    "rule_pack", "pack_day", "tou_schedule_slot", "tou_day", "tou_conditional_day", "deviation_band",
    "recovery_rule", "recovery_band",
)  # fmt: skip
_PACKAGED: Final = ("package", "package_component", "package_formula", "package_parameter")
_FEEDS: Final = sa.text(
    "select feed, max(batch_seq) from landing.batch where batch_seq <= :cut group by feed"
)
_PACKS: Final = sa.text(
    "select md5(string_agg(distinct pack_hash, ',' order by pack_hash)) from reference.pack_day"
)
_PACKAGES: Final = sa.text(
    "select md5(string_agg(package_hash, ',' order by package_hash)) from reference.package"
)
_PACKAGES_IN_USE: Final = sa.text(
    "select md5(string_agg(distinct packages.package_hash, ',' order by packages.package_hash))"
    " from reference.package as packages"
    " inner join landing.contract_version as versions using (package_id, package_version)"
)
PACKAGE_TABLES: Final = tuple(f"reference.{table}" for table in _PACKAGED)
PACKAGES_IN_USE: Final = "reference.package of contracts"
"""The state of the packages that contracts name: what a settlement reads of all that were ever priced."""
_MONTHS: Final = sa.text(
    "select string_agg(province || delivery_month, ',' order by province, delivery_month)"
    " from ops.settlement_month"
)
_LEDGER: Final = (
    "settlement_run",
    "settlement_run_state",
    "settlement_line",
    "settlement_share",
    "settlement_contract",
    "settlement_head",
    "settlement_point",
)
_BOOKED: Final = sa.text(
    # a run's rows come with its closed state, in one transaction
    "select coalesce(max(run_id), 0) from ledger.settlement_run_state where state = 'closed'"
)
_PRICED: Final = sa.text("select coalesce(max(run_id), 0) from ops.pricing_case")
_RELATIONS: Final = sa.text(
    "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where c.relkind in ('r', 'p', 'v')"
)


def source_states(connection: sa.Connection, cut: int, business_date: date) -> dict[str, str]:
    """The sources' states as far as batch ``cut``, for a run on ``business_date``."""
    batches = dict.fromkeys(registry(), "0")
    batches |= {str(feed): str(seq) for feed, seq in connection.execute(_FEEDS, {"cut": cut})}
    batches |= {table: batches[feed] for table, feed in _LANDED_WITH.items()}
    packs = str(connection.execute(_PACKS).scalar_one())
    packages = str(connection.execute(_PACKAGES).scalar_one())
    booked = str(connection.execute(_BOOKED).scalar_one())
    priced = str(connection.execute(_PRICED).scalar_one())
    return {
        "ops.run": str(business_date),
        "ops.pricing_case": priced,
        "ops.pricing_input": priced,
        "ops.settlement_month": str(connection.execute(_MONTHS).scalar_one()),
        "landing.batch": str(cut),
        **{f"landing.{table}": seq for table, seq in sorted(batches.items())},
        **{f"reference.{table}": packs for table in _PACKED},
        **dict.fromkeys(PACKAGE_TABLES, packages),
        PACKAGES_IN_USE: str(connection.execute(_PACKAGES_IN_USE).scalar_one()),
        **{f"ledger.{table}": booked for table in _LEDGER},
    }


def read_manifest(path: Path) -> Manifest:
    """The manifest that dbt wrote."""
    manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def models(manifest: Manifest) -> dict[str, Node]:
    """Models and seeds by their keys."""
    nodes = manifest["nodes"].items()
    return {key: node for key, node in nodes if node["resource_type"] in ("model", "seed")}


def to_build(engine: sa.Engine, manifest: Manifest, before: States, now: States) -> list[Node]:
    """Models and seeds that do not stand as they are, in the order of their names.

    dbt's ``--select`` with their names also runs each test that any of them takes part in.
    """
    with engine.connect() as connection:
        relations = existing_relations(connection)
    nodes = models(manifest)
    return sorted(
        (nodes[key] for key in changed_nodes(manifest, before, now, relations)), key=itemgetter("name")
    )


def existing_relations(connection: sa.Connection) -> set[str]:
    """Tables and views of the warehouse as ``schema.name``."""
    return set(connection.scalars(_RELATIONS))


def changed_nodes(manifest: Manifest, before: States, now: States, relations: Collection[str]) -> set[str]:
    """Keys of the models and seeds that do not stand as they are. The SQL must be that of ``before``.

    A table or an incremental stands when every source that it is computed from does. A view has no rows:
    it stands unless a table or a view that it reads is made anew, which drops it.
    """
    nodes = models(manifest)
    moved: set[str] = set()  # shows other rows than before, perhaps
    built: set[str] = set()
    for key in _parents_first(nodes):
        node = nodes[key]
        parents = [parent for parent in _parents(node) if parent in nodes]
        if f"{node['schema']}.{node['alias']}" not in relations:
            built.add(key)
            moved.add(key)
        elif _reads_news(manifest, node, before, now) or moved.intersection(_content(node, parents, nodes)):
            moved.add(key)
            if _kind(node) != "view":
                built.add(key)
        if _kind(node) == "view" and any(_kind(nodes[up]) in ("table", "view") for up in built & {*parents}):
            built.add(key)
    return built


def _reads_news(manifest: Manifest, node: Node, before: States, now: States) -> bool:
    """Whether a source that the node reads itself is in another state, or in none that is known."""
    for key in _parents(node):
        if source := manifest["sources"].get(key):
            name = f"{source['source_name']}.{source['identifier']}"
            if name not in now or before.get(name) != now[name]:
                return True
    return False


def _content(node: Node, parents: list[str], nodes: Mapping[str, Node]) -> list[str]:
    """The parents whose rows enter the node's."""
    if node["path"].startswith("staging/"):
        return [parent for parent in parents if nodes[parent]["name"] not in _CUT]
    return parents


def _parents_first(nodes: Mapping[str, Node]) -> list[str]:
    graph = {key: [parent for parent in _parents(node) if parent in nodes] for key, node in nodes.items()}
    return list(TopologicalSorter(graph).static_order())


def _parents(node: Node) -> list[str]:
    return list(node.get("depends_on", {}).get("nodes", []))


def _kind(node: Node) -> str:
    return str(node["config"]["materialized"])

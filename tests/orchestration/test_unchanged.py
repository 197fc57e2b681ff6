"""What a run passes over: only what nothing it is computed from has changed."""

from __future__ import annotations

from typing import Any

from orchestration.unchanged import Manifest, changed_nodes

BEFORE = {"landing.meter": "3", "landing.price": "5", "landing.batch": "5", "ops.run": "2026-03-01"}


def _node(name: str, kind: str, reads: list[str], folder: str = "intermediate/energy") -> dict[str, Any]:
    return {
        "resource_type": "seed" if kind == "seed" else "model",
        "name": name,
        "alias": name,
        "schema": "s",
        "path": f"{folder}/{name}.sql",
        "config": {"materialized": kind},
        "depends_on": {"nodes": reads},
    }


def _manifest() -> Manifest:
    sources = ("landing.meter", "landing.price", "landing.batch", "ops.run", "forecast.load_day")
    staging = "staging/some"
    nodes = [
        _node("stg_run", "view", ["ops.run"], "staging/ops"),
        _node("stg_batch", "view", ["landing.batch", "stg_run"], "staging/batch"),
        _node("stg_meter", "incremental", ["landing.meter", "stg_batch", "stg_run"], staging),
        _node("stg_price", "table", ["landing.price", "stg_batch"], staging),
        _node("stg_load", "table", ["forecast.load_day"], staging),
        _node("holiday", "seed", []),
        _node("int_day", "table", ["stg_run", "holiday"]),
        _node("int_meter", "table", ["stg_meter"]),
        _node("int_meter_slot", "view", ["int_meter"]),
        _node("int_meter_hour", "view", ["int_meter_slot"]),
        _node("int_raw_slot", "view", ["stg_meter"]),
        _node("int_cost", "incremental", ["int_raw_slot", "stg_price"]),
        _node("int_delivery", "table", ["stg_batch"]),
    ]
    return {
        "nodes": {node["name"]: node for node in nodes},
        "sources": {
            name: dict(zip(("source_name", "identifier"), name.split("."), strict=True)) for name in sources
        },
    }


ALL = {f"s.{name}" for name in _manifest()["nodes"]}
UNKNOWN = {"stg_load"}  # no state of a forecast is known


def _built(now: dict[str, str], *, absent: frozenset[str] = frozenset()) -> set[str]:
    relations = ALL - {f"s.{name}" for name in absent}
    return changed_nodes(_manifest(), BEFORE, {**BEFORE, **now}, relations) - UNKNOWN


def test_unchanged__nothing_new_builds_only_what_has_no_known_state() -> None:
    assert _built({}) == set()


def test_unchanged__a_batch_of_a_feed_builds_what_is_computed_from_it_and_the_views_it_drops() -> None:
    meters = {"stg_meter", "int_meter", "int_meter_slot", "int_meter_hour", "int_cost", "int_delivery"}
    assert _built({"landing.meter": "6", "landing.batch": "6"}) == meters
    assert _built({"landing.price": "6", "landing.batch": "6"}) == {"stg_price", "int_cost", "int_delivery"}


def test_unchanged__another_business_date_builds_what_reads_it_outside_the_cut() -> None:
    assert _built({"ops.run": "2026-03-02"}) == {"int_day"}


def test_unchanged__an_absent_relation_is_built_with_all_that_follows() -> None:
    assert _built({}, absent=frozenset({"int_meter_slot"})) == {"int_meter_slot", "int_meter_hour"}
    assert _built({}, absent=frozenset({"stg_price"})) == {"stg_price", "int_cost"}
    assert _built({}, absent=frozenset({"holiday"})) == {"holiday", "int_day"}


def test_unchanged__without_an_earlier_run_everything_but_views_is_built() -> None:
    stands = set(_manifest()["nodes"]) - changed_nodes(_manifest(), {}, BEFORE, ALL)
    assert stands == {"holiday", "stg_run", "stg_batch", "int_raw_slot"}

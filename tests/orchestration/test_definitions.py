"""The code location: everything resolves, schedules and sensors ask for the right runs, servers show it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import dagster as dg
import pytest

from orchestration.build import build_defs
from orchestration.dagster_servers import dagster_services
from orchestration.jobs import after_metering, before_gate, changed_meter_days, formal_basis, inbox
from orchestration.runs import MARKET_TIME
from tests.conftest import Demo

pytestmark = pytest.mark.integration
JOBS = (
    "daily_refresh",
    "forecast_before_gate",
    "register_month",
    "renew_marts",
    "month_end",
    "export_month",
    "close_month",
    "book_corrections",
)


@pytest.fixture(scope="module")
def definitions(demo: Demo) -> dg.Definitions:
    """The code location over the demo's house."""
    return build_defs(demo.house)


def test_definitions__every_job_resolves_and_every_mart_is_refreshed(definitions: dg.Definitions) -> None:
    covered: set[dg.AssetKey] = set()
    for name in JOBS:
        covered |= set(definitions.resolve_job_def(name).asset_layer.executable_asset_keys)
    graph = definitions.resolve_asset_graph()
    assert covered == graph.executable_asset_keys
    assert {"energy", "trading", "settlement", "operations"} <= {graph.get(key).group_name for key in covered}


def test_definitions__every_landing_table_has_a_blocking_check(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    steps = {"batch", "live_day"}  # they bring records in; the tables that these land in are checked
    landing = {
        key for key in graph.executable_asset_keys if key.path[0] == "landing" and key.path[-1] not in steps
    }
    checked = {key.asset_key for key in graph.asset_check_keys if key.name == "deliveries_are_sound"}
    assert landing
    assert checked == landing


@pytest.mark.parametrize(
    ("schedule", "partition"),
    [(after_metering, "2026-11-11"), (before_gate, "2026-11-13"), (formal_basis, "2026-10-01")],
)
def test_schedules__ask_for_the_partition_of_the_business_day(
    definitions: dg.Definitions, demo: Demo, schedule: dg.ScheduleDefinition, partition: str
) -> None:
    instant = datetime(2026, 11, 12, 9, 15, tzinfo=MARKET_TIME)
    context = dg.build_schedule_context(
        scheduled_execution_time=instant,
        resources={"house": demo.house},
        repository_def=definitions.get_repository_def(),
    )
    (request,) = schedule.evaluate_tick(context).run_requests or []
    assert request.partition_key == partition


def test_sensors__skip_what_is_in_and_notice_what_is_new(definitions: dg.Definitions, demo: Demo) -> None:
    def tick(sensor: dg.SensorDefinition) -> list[dg.RunRequest]:
        context = dg.build_sensor_context(
            instance=dg.DagsterInstance.ephemeral(),
            resources={"house": demo.house},
            repository_def=definitions.get_repository_def(),
        )
        return list(sensor.evaluate_tick(context).run_requests or [])

    assert tick(inbox) == []
    assert tick(changed_meter_days) == []
    late = demo.house.inbox / "meter_day-late.csv"
    late.write_text("not yet read")
    try:
        (request,) = tick(inbox)
    finally:
        late.unlink()
    assert request.partition_key == "2026-11-11"


@pytest.fixture(scope="module")
def dagster_url(demo: Demo) -> Iterator[str]:
    """A running webserver and daemon on the demo's house."""
    services = dagster_services(demo.house)
    for service in services:
        service.start()
    try:
        for service in services:
            service.wait()
        yield f"http://127.0.0.1:{demo.house.settings.port('dagster')}"
    finally:
        for service in services:
            service.stop()


def _ask(url: str, query: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{url}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, dict[str, Any]] = json.load(response)
    return answer["data"]


def test_servers__show_assets_checks_schedules_sensors_and_the_demo_s_runs(dagster_url: str) -> None:
    shown = _ask(
        dagster_url,
        "{ repositoriesOrError { ... on RepositoryConnection { nodes { assetNodes { id }"
        " schedules { name } sensors { name } } } }"
        " runsOrError { ... on Runs { results { status jobName } } } }",
    )
    (repository,) = shown["repositoriesOrError"]["nodes"]
    assert len(repository["assetNodes"]) > 60
    assert {one["name"] for one in repository["schedules"]} == {
        "after_metering",
        "before_gate",
        "formal_basis",
    }
    assert {"inbox", "changed_meter_days"} <= {one["name"] for one in repository["sensors"]}
    runs = {run["jobName"]: run["status"] for run in shown["runsOrError"]["results"]}
    assert runs["daily_refresh"] == runs["forecast_before_gate"] == "SUCCESS"

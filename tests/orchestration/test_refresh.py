"""Refreshes in Dagster after the demo: what they build, and that what was shown is shown again."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import dagster as dg
import pytest
from dagster_dbt import DbtCliInvocation

from orchestration.build import build_defs
from orchestration.dagster_servers import dagster_instance
from orchestration.pipeline import Pipeline
from tests.conftest import Demo

pytestmark = pytest.mark.integration


def test_refresh__a_refresh_without_news_starts_no_dbt(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DbtCliInvocation, "run", None)
    pipeline = Pipeline(demo.house)
    pipeline.run("renew_marts")
    pipeline.close()
    newest = "select kind || ' ' || status from ops.run order by run_id desc limit 1"
    assert demo.scalar(newest) == "marts succeeded"


def test_refresh__a_job_without_the_last_step_makes_its_views_again(demo: Demo) -> None:
    curve = "select count(*) from marts_energy.energy_curve_slot where delivery_on = '2026-11-10'"
    shown = demo.scalar(curve)
    assert shown
    with demo.house.warehouse.admin.begin() as connection:
        connection.exec_driver_sql("drop table intermediate.int_day_ahead_day cascade")
    assert demo.scalar("select to_regclass('marts_energy.energy_curve_slot')") is None
    pipeline = Pipeline(demo.house)
    pipeline.run("renew_marts")
    pipeline.close()
    assert demo.scalar(curve) == shown


def test_refresh__a_mart_chosen_in_dagster_is_made_again_with_its_checks(demo: Demo) -> None:
    made_on = "select pg_relation_filenode('marts_sales.sales_guarantee')"
    before = demo.scalar(made_on)
    chosen = dg.AssetKey(["marts_sales", "sales_guarantee"])
    instance = dagster_instance(demo.house)
    with redirect_stdout(io.StringIO()):
        result = (
            build_defs(demo.house)
            .resolve_job_def("renew_marts")
            .execute_in_process(instance=instance, asset_selection=[chosen])
        )
    instance.dispose()
    assert {event.asset_key for event in result.get_asset_materialization_events()} == {chosen}
    assert result.get_asset_check_evaluations()
    assert demo.scalar(made_on) != before
    newest = "select kind || ' ' || status from ops.run order by run_id desc limit 1"
    assert demo.scalar(newest) == "marts_subset succeeded"

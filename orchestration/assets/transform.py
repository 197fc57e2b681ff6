"""dbt's models as assets, in two steps: what forecasts read, and what reads forecasts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets

from orchestration.assets.domains import DomainTranslator
from orchestration.house import House
from orchestration.runs import writing_marts
from orchestration.transform import temporary_environment
from orchestration.unchanged import passing_over

AFTER_FORECAST = "tag:after_forecast"
_AFTER_FORECAST_STEP = "marts_after_forecast"


def _build(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, house: House, kind: str, manifest: Path
) -> Iterator[Any]:
    # only a run over all models has read every batch
    kind = f"{kind}_subset" if context.is_subset else kind
    engine = house.engine("wl_ledger")
    with writing_marts(engine, kind, house.business_day, context.log.warning) as run:
        environment = house.dbt_environment(run.pgoptions)

        def start(*arguments: str, of: dg.AssetExecutionContext | None = None) -> DbtCliInvocation:
            with temporary_environment(environment):
                return dbt.cli(arguments, context=of)

        if not run.sql_changed:
            stands = passing_over(engine, manifest, run.states_before, run.states)
            # what is asked for by name is built, whether it stands or not
            rest = [] if context.is_subset else stands
            yield from start("build", *rest, of=context).stream()
            return
        # a row is recomputed when its inputs changed; when the SQL itself changed, every row is. That drops
        # the views over forecasts, which belong to the other step: a job without it makes them again here.
        yield from start("build", "--full-refresh", of=context).stream()
        steps = context.run.step_keys_to_execute or [node.name for node in context.job_def.nodes]
        if _AFTER_FORECAST_STEP not in steps:
            start("run", "--select", AFTER_FORECAST).wait()


def dbt_models(manifest: Path) -> list[dg.AssetsDefinition]:
    """The two dbt assets over ``manifest``; each holds the marts' writer lock while it runs."""

    @dbt_assets(
        manifest=manifest, exclude=AFTER_FORECAST, name="marts", dagster_dbt_translator=DomainTranslator()
    )
    def marts(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, house: dg.ResourceParam[House]
    ) -> Iterator[Any]:
        yield from _build(context, dbt, house, "marts", manifest)

    @dbt_assets(
        manifest=manifest,
        select=AFTER_FORECAST,
        name=_AFTER_FORECAST_STEP,
        dagster_dbt_translator=DomainTranslator(),
    )
    def marts_after_forecast(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, house: dg.ResourceParam[House]
    ) -> Iterator[Any]:
        # a refresh makes no forecast, so that it must not pass for the run after one
        kind = "marts_after_refresh" if context.run.job_name == "daily_refresh" else "marts_after_forecast"
        yield from _build(context, dbt, house, kind, manifest)

    return [marts, marts_after_forecast]

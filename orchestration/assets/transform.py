"""dbt's models as assets, in two steps: what forecasts read, and what reads forecasts."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets

from orchestration.assets.domains import DomainTranslator
from orchestration.house import House
from orchestration.runs import writing_marts
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
            with _environment(environment):
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


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Variables that a child process starts with, and nobody else.

    Left in place, the run's session setting would pin what every later connection of this process reads.
    """
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)
        os.environ.update({name: before[name] for name in values if name in before})


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

"""dbt's models as assets, in two steps: what forecasts read, and what reads forecasts."""

import os
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from packaging.version import Version

from orchestration.assets.domains import DomainTranslator
from orchestration.house import House
from orchestration.runs import writing_marts
from orchestration.transform import DBT, PROJECT
from orchestration.unchanged import Manifest, Node, read_manifest, to_build

_LATE = "after_forecast"
AFTER_FORECAST = f"tag:{_LATE}"
_AFTER_FORECAST_STEP = f"marts_{_LATE}"


def _start(
    context: dg.AssetExecutionContext, manifest: Manifest, environment: Mapping[str, str], *arguments: str
) -> DbtCliInvocation:
    """Start dbt, whose events become the step's.

    ``DbtCliResource.cli`` would start ``dbt --version`` first, parse dbt's macros for an adapter that nobody
    asks anything, and keep a folder of 15 MB for every run.
    """
    return DbtCliInvocation.run(
        args=[DBT, *arguments],
        env={**os.environ, **environment, "DBT_LOG_FORMAT": "json", "DBT_WRITE_JSON": "false"},
        manifest=manifest,
        dagster_dbt_translator=DomainTranslator(),
        project_dir=PROJECT,
        target_path=Path(environment["DBT_TARGET_PATH"]),
        raise_on_error=True,
        context=context,
        adapter=None,
        cli_version=Version(version("dbt-core")),
    )


def _asked(context: dg.AssetExecutionContext, manifest: Manifest, *, late: bool) -> list[str]:
    """dbt's arguments for what the run is over: the whole step or the assets that were chosen."""
    arguments, indirect = get_subset_selection_for_context(
        context=context,
        manifest=manifest,
        select=AFTER_FORECAST if late else None,
        exclude=None if late else AFTER_FORECAST,
        selector=None,
        dagster_dbt_translator=DomainTranslator(),
        current_dbt_indirect_selection_env=None,
    )
    return [*arguments, "--indirect-selection", indirect] if indirect else list(arguments)


def _build(
    context: dg.AssetExecutionContext, house: House, kind: str, manifest: Manifest, *, late: bool
) -> Iterator[Any]:
    # only a run over all models has read every batch
    kind = f"{kind}_subset" if context.is_subset else kind
    engine = house.engine("wl_ledger")
    with writing_marts(engine, kind, house.business_day, context.log.warning) as run:
        start = partial(_start, context, manifest, house.dbt_environment(run.pgoptions))
        if run.sql_changed:
            # a row is recomputed when its inputs changed; when the SQL itself changed, every row is. That
            # drops the views over forecasts, the other step's: a job without it makes them again here.
            yield from start("build", "--full-refresh", *_asked(context, manifest, late=late)).stream()
            if not _has_late_step(context):
                start("run", "--select", AFTER_FORECAST).wait()
        elif context.is_subset or not run.states_before:
            # what is asked for by name is built, whether it stands or not
            yield from start("build", *_asked(context, manifest, late=late)).stream()
        else:
            news = to_build(engine, manifest, run.states_before, run.states)
            names = [node["name"] for node in news if (_LATE in node["tags"]) == late]
            if names:
                yield from start("build", "--select", *names).stream()
            views = [node["name"] for node in news if _LATE in node["tags"] and _is_view(node)]
            if views and not _has_late_step(context):
                # a table that was made anew has taken them with it
                start("run", "--select", *views).wait()


def _has_late_step(context: dg.AssetExecutionContext) -> bool:
    steps = context.run.step_keys_to_execute or [node.name for node in context.job_def.nodes]
    return _AFTER_FORECAST_STEP in steps


def _is_view(node: Node) -> bool:
    return bool(node["config"]["materialized"] == "view")


def dbt_models(path: Path) -> list[dg.AssetsDefinition]:
    """The two dbt assets over the manifest at ``path``; each holds the marts' writer lock while it runs."""
    manifest = read_manifest(path)

    @dbt_assets(
        manifest=manifest, exclude=AFTER_FORECAST, name="marts", dagster_dbt_translator=DomainTranslator()
    )
    def marts(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Iterator[Any]:
        yield from _build(context, house, "marts", manifest, late=False)

    @dbt_assets(
        manifest=manifest,
        select=AFTER_FORECAST,
        name=_AFTER_FORECAST_STEP,
        dagster_dbt_translator=DomainTranslator(),
    )
    def marts_after_forecast(
        context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
    ) -> Iterator[Any]:
        # a refresh makes no forecast, so that it must not pass for the run after one
        kind = "marts_after_refresh" if context.run.job_name == "daily_refresh" else "marts_after_forecast"
        yield from _build(context, house, kind, manifest, late=True)

    return [marts, marts_after_forecast]

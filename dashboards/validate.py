# ruff: noqa: ANN401  (a chart's parameters are Any: Superset's own)
"""The gate before an import, without server or credentials: dashboard → chart → dataset → dbt column; access.

Superset itself is no gate: one unknown chart silently drops a dashboard's other links, an unknown column
shows only when someone opens the chart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dashboards.check_access import access_problems
from dashboards.errors import AssetError, AssetProblem
from dashboards.lineage import LineageError, columns_in, trace
from dashboards.models import LANGUAGES, Chart, Dashboard, Dataset
from dashboards.render import dataset_sql, render
from dashboards.source import Source
from dashboards.warehouse import Relations, mart_relations
from dashboards.yaml_io import load_yaml

_GRID = 12
# parameters of a chart that name dataset columns or metrics, one or a list
_COLUMN_LISTS = ("groupby", "groupby_b", "all_columns")
_METRIC_LISTS = ("metrics", "metrics_b", "metric", "percent_metrics")


def validate(source: Source, relations: Relations | None = None) -> None:
    """Check the whole tree. Raises AssetError with every problem found; returns when there is none.

    `relations` are the marts' columns; by default those that dbt_project declares.
    """
    marts = mart_relations() if relations is None else relations
    found = [*_dataset_problems(source, marts), *_chart_problems(source), *_dashboard_problems(source)]
    problems = [_in_its_file(source, problem) for problem in found]
    problems += access_problems(source, marts)
    if not problems:  # a tree with unknown keys cannot be rendered
        problems += bundle_problems(render(source, "postgresql+psycopg2://nobody@127.0.0.1/none"))
    if problems:
        raise AssetError(sorted(set(problems)))


def bundle_problems(files: dict[str, str]) -> Iterator[AssetProblem]:
    """Links inside a rendered bundle: every UUID a dashboard, chart or dataset points to is in the bundle."""
    bodies = {path: load_yaml(text) for path, text in files.items()}
    known = {body["uuid"] for body in bodies.values() if "uuid" in body}
    for path, body in bodies.items():
        for where, uuid in _links(body):
            if uuid not in known:
                yield AssetProblem(path, where, f"unknown uuid {uuid}", "point to an asset of this bundle")


def _links(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("dataset_uuid", "database_uuid"):
        if key in body:
            yield key, body[key]
    for tile in (body.get("position") or {}).values():
        if isinstance(tile, dict) and tile.get("type") == "CHART":
            yield f"position.{tile['id']}", tile["meta"]["uuid"]
    for item in (body.get("metadata") or {}).get("native_filter_configuration", []):
        for target in item["targets"]:
            yield f"filters.{item['id']}", target["datasetUuid"]


def _dataset_problems(source: Source, marts: Relations) -> Iterator[AssetProblem]:
    for key, dataset in source.datasets.items():
        declared = [column.name for column in dataset.columns]
        if (dataset.sql is None) == (dataset.relation is None):
            yield _wrong("datasets", key, "needs either sql or relation, not both", "keep one of them")
        elif dataset.relation:
            known = marts.get(dataset.relation)
            if known is None:
                yield _wrong("datasets", key, f"unknown relation {dataset.relation}", "name a dbt mart")
                continue
            for name in declared:
                if name not in known:
                    yield _wrong(
                        "datasets",
                        f"{key}.columns",
                        f"unknown column {name!r} of {dataset.relation}",
                        "name a column that the mart declares",
                    )
        else:
            yield from _virtual_problems(source, key, dataset, declared, marts)
        for metric in dataset.metrics:
            yield from _expression_problems(
                "datasets", f"{key}.metrics.{metric.name}", metric.sql, set(declared)
            )
        if dataset.time_column and dataset.time_column not in declared:
            yield _wrong(
                "datasets",
                f"{key}.time_column",
                f"unknown column {dataset.time_column!r}",
                "name a column of the dataset",
            )


def _virtual_problems(
    source: Source, key: str, dataset: Dataset, declared: list[str], marts: Relations
) -> Iterator[AssetProblem]:
    for language in LANGUAGES:
        try:
            sql = dataset_sql(source, key, language)
            returned = trace(sql, marts).returns
        except KeyError as error:
            yield _wrong(
                "datasets", f"{key}.sql", f"unknown text or label list {error}", "declare it, or correct it"
            )
            return
        except LineageError as error:
            yield _wrong("datasets", f"{key}.sql", str(error), "read columns that the dbt marts declare")
            return
        if returned != declared:
            wrong = sorted(set(returned) ^ set(declared)) or "the order"
            yield _wrong(
                "datasets",
                f"{key}.columns",
                f"sql returns other columns than declared: {wrong}",
                "declare exactly what the sql returns, in its order",
            )
            return


def _expression_problems(file: str, where: str, sql: str, columns: set[str]) -> Iterator[AssetProblem]:
    try:
        unknown = sorted(columns_in(sql) - columns)
    except LineageError as error:
        yield _wrong(file, where, str(error), "write an SQL expression")
        return
    for name in unknown:
        yield _wrong(file, where, f"unknown column {name!r}", "name a column of the dataset")


def _chart_problems(source: Source) -> Iterator[AssetProblem]:
    for key, chart in source.charts.items():
        dataset = source.datasets.get(chart.dataset)
        if chart.preset not in source.presets:
            yield _wrong("charts", f"{key}.preset", f"unknown preset {chart.preset!r}", "see presets.yml")
        elif dataset is None:
            yield _wrong("charts", f"{key}.dataset", f"unknown dataset {chart.dataset!r}", "see datasets/")
        else:
            yield from _params_problems(key, chart, dataset)


def _params_problems(key: str, chart: Chart, dataset: Dataset) -> Iterator[AssetProblem]:
    columns = {column.name for column in dataset.columns}
    metrics = {metric.name for metric in dataset.metrics}
    params = chart.params
    named: list[tuple[str, str]] = [(f"where.{name}", name) for name in chart.where]
    named += [(f"params.{slot}", name) for slot in _COLUMN_LISTS for name in _listed(params.get(slot))]
    named += [("params.x_axis", params["x_axis"])] if "x_axis" in params else []
    named += [("params.order_by_cols", load_yaml(item)[0]) for item in params.get("order_by_cols", [])]
    for where, name in named:
        if name not in columns:
            yield _wrong(
                "charts",
                f"{key}.{where}",
                f"unknown column {name!r} of dataset {chart.dataset!r}",
                "name a column of the dataset",
            )
    for slot in _METRIC_LISTS:
        for metric in _listed(params.get(slot)):
            if isinstance(metric, dict):
                for sql in _in_each_language(metric["sql"]):
                    yield from _expression_problems("charts", f"{key}.params.{slot}", sql, columns)
            elif metric not in metrics:
                yield _wrong(
                    "charts",
                    f"{key}.params.{slot}",
                    f"unknown metric {metric!r}",
                    "see the dataset's metrics",
                )
    shown = [item["column"] for item in params.get("conditional_formatting", [])]
    for name in [
        *shown,
        *[name.removeprefix("%") for name in params.get("column_config", {})],  # % = a metric's share
        *filter(None, [params.get("timeseries_limit_metric")]),
    ]:
        if name not in columns | metrics:
            yield _wrong(
                "charts", f"{key}.params", f"unknown column or metric {name!r}", "name one of the dataset"
            )


def _listed(value: Any) -> list[Any]:
    """A parameter that is a list in some chart types and a single value in others."""
    return value if isinstance(value, list) else [value] if value else []


def _in_each_language(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else [value]


def _dashboard_problems(source: Source) -> Iterator[AssetProblem]:
    for board in source.dashboards.values():
        for number, row in enumerate(board.rows, 1):
            if sum(tile.width for tile in row.tiles) > _GRID:
                yield _wrong(
                    "dashboards",
                    f"{board.key}.rows[{number}]",
                    f"is wider than {_GRID} columns",
                    "narrow a tile",
                )
            for tile in row.tiles:
                if (tile.chart is None) == (tile.markdown is None):
                    yield _wrong(
                        "dashboards",
                        f"{board.key}.rows[{number}]",
                        "a tile is a chart or a markdown",
                        "keep one of them",
                    )
                elif tile.chart and tile.chart not in source.charts:
                    yield _wrong(
                        "dashboards",
                        f"{board.key}.rows[{number}]",
                        f"unknown chart {tile.chart!r}",
                        "see charts/",
                    )
        yield from _filter_problems(source, board)


def _filter_problems(source: Source, board: Dashboard) -> Iterator[AssetProblem]:
    placed = {tile.chart for row in board.rows for tile in row.tiles if tile.chart}
    keys = {item.key for item in board.filters}
    for item in board.filters:
        where = f"{board.key}.filters.{item.key}"
        dataset = source.datasets.get(item.dataset)
        if dataset is None or item.column not in {column.name for column in dataset.columns}:
            yield _wrong("dashboards", where, f"unknown column {item.dataset}.{item.column}", "see datasets/")
        for name in sorted(set(item.spares) - placed):
            yield _wrong(
                "dashboards", where, f"spares unknown chart {name!r}", "name a chart of this dashboard"
            )
        for name in sorted(placed - set(item.spares)):
            chart = source.charts.get(name)
            reads = source.datasets.get(chart.dataset) if chart else None
            if reads and item.column not in {column.name for column in reads.columns}:
                yield _wrong(
                    "dashboards", where, f"chart {name!r} has no column {item.column!r}", "spare the chart"
                )
        for name in sorted(set(item.after) - keys):
            yield _wrong(
                "dashboards", where, f"comes after unknown filter {name!r}", "name a filter of this dashboard"
            )


def _wrong(kind: str, where: str, message: str, remedy: str) -> AssetProblem:
    """A mistake in an entry of one kind; `where` begins with its key."""
    return AssetProblem(kind, where, message, remedy)


def _in_its_file(source: Source, problem: AssetProblem) -> AssetProblem:
    key = problem.where.partition(".")[0]
    return replace(problem, file=source.files[f"{problem.file}.{key}"])

"""Expand the bilingual source into one Superset import bundle: datasets, charts, dashboards per language."""

from __future__ import annotations

from typing import Any

from dashboards.identity import asset_uuid
from dashboards.layout import metadata, position
from dashboards.localise import expand_sql, localise
from dashboards.models import LANGUAGES, Chart, Dashboard, Dataset, Language
from dashboards.navigation import links
from dashboards.source import Source
from dashboards.yaml_io import dump_yaml

VERSION = "1.0.0"


def render(source: Source, warehouse_uri: str) -> dict[str, str]:
    """Return the bundle, path → YAML text, in a stable order.

    `warehouse_uri` is the SQLAlchemy URI of the bi connection, `XXXXXXXXXX` standing for its password.
    The source must have passed `validate`: unknown keys raise KeyError here.
    """
    files: dict[str, dict[str, Any]] = {"metadata.yaml": {"version": VERSION, "type": "assets"}}
    files[f"databases/{source.warehouse.key}.yaml"] = _database(source, warehouse_uri)
    for key, dataset in source.datasets.items():
        for language in dataset_languages(dataset):
            name = dataset_name(key, language)
            files[f"datasets/{source.warehouse.key}/{name}.yaml"] = _dataset(source, key, language)
    for language in LANGUAGES:
        for key, chart in source.charts.items():
            files[f"charts/{key}_{language}.yaml"] = _chart(source, key, chart, language)
        for board in source.dashboards.values():
            files[f"dashboards/{dashboard_slug(board.key, language)}.yaml"] = _dashboard(
                source, board, language
            )
    return {path: dump_yaml(body) for path, body in files.items()}


def dataset_languages(dataset: Dataset) -> tuple[Language | None, ...]:
    """Languages a dataset is rendered in; `(None,)` for a mart as it stands."""
    return (None,) if dataset.relation else LANGUAGES


def dataset_name(key: str, language: Language | None) -> str:
    """Name of a rendered dataset in Superset; a mart keeps the name of its table."""
    return f"{key}_{language}" if language else key


def dashboard_slug(key: str, language: str) -> str:
    """Address of a rendered dashboard: `/superset/dashboard/<slug>/`."""
    return f"{key}-{language}"


def dataset_sql(source: Source, key: str, language: Language) -> str:
    """SQL of a virtual dataset in one language, placeholders filled."""
    dataset = source.datasets[key]
    return expand_sql(dataset.sql or "", language, dataset.texts, source.labels)


def chart_params(source: Source, chart: Chart, language: Language) -> dict[str, Any]:
    """Superset parameters of a chart: preset, its own, `where` as filters, ad-hoc metrics spelt out."""
    params = {**source.presets[chart.preset], **localise(chart.params, language)}
    for name in [name for name in ("metrics", "metrics_b") if name in params]:
        params[name] = [_metric(metric) for metric in params[name]]
    if "metric" in params:
        params["metric"] = _metric(params["metric"])
    wheres = [_equals(column, value) for column, value in chart.where.items()]
    params["adhoc_filters"] = wheres
    if params["viz_type"] == "mixed_timeseries":
        params["adhoc_filters_b"] = wheres
    return params


def _database(source: Source, warehouse_uri: str) -> dict[str, Any]:
    return {
        "database_name": source.warehouse.name,
        "sqlalchemy_uri": warehouse_uri,
        "expose_in_sqllab": source.warehouse.expose_in_sql_lab,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "cache_timeout": None,
        "impersonate_user": False,
        "extra": {"allows_virtual_table_explore": True, "metadata_params": {}, "engine_params": {}},
        "uuid": str(asset_uuid("database", source.warehouse.key)),
        "version": VERSION,
    }


def _dataset(source: Source, key: str, language: Language | None) -> dict[str, Any]:
    dataset = source.datasets[key]
    schema, table = (dataset.relation or ".").split(".")
    shown: Language = language or "zh"
    return {
        "table_name": dataset_name(key, language) if language else table,
        "schema": None if language else schema,
        "catalog": None,
        "description": dataset.description.in_language(shown),
        "sql": dataset_sql(source, key, language) if language else None,
        "main_dttm_col": dataset.time_column,
        "filter_select_enabled": True,
        "cache_timeout": None,
        "always_filter_main_dttm": False,
        "columns": [
            {
                "column_name": column.name,
                "type": column.type,
                "is_dttm": column.time,
                "groupby": True,
                "filterable": True,
                "verbose_name": column.label.in_language(shown) if column.label else None,
            }
            for column in dataset.columns
        ],
        "metrics": [
            {
                "metric_name": metric.name,
                "verbose_name": metric.label.in_language(shown),
                "expression": metric.sql,
                "d3format": metric.format,
                "currency": None,
            }
            for metric in dataset.metrics
        ],
        "uuid": str(asset_uuid("dataset", key, language)),
        "database_uuid": str(asset_uuid("database", source.warehouse.key)),
        "version": VERSION,
    }


def _chart(source: Source, key: str, chart: Chart, language: Language) -> dict[str, Any]:
    params = chart_params(source, chart, language)
    return {
        "slice_name": chart.title.in_language(language),
        "description": None,
        "viz_type": params["viz_type"],
        "params": params,
        "query_context": None,
        "cache_timeout": None,
        "uuid": str(asset_uuid("chart", key, language)),
        "dataset_uuid": str(asset_uuid("dataset", chart.dataset, language)),
        "version": VERSION,
    }


def _dashboard(source: Source, board: Dashboard, language: Language) -> dict[str, Any]:
    return {
        "dashboard_title": board.title.in_language(language),
        "slug": dashboard_slug(board.key, language),
        "description": board.description.in_language(language),
        "published": True,
        "css": source.css + board.css,
        "certified_by": "",
        "certification_details": "",
        "metadata": metadata(board, language),
        "position": position(
            board, source.charts, language, links(source.dashboards.values(), board, language)
        ),
        "uuid": str(asset_uuid("dashboard", board.key, language)),
        "version": VERSION,
    }


def _metric(metric: str | dict[str, str]) -> str | dict[str, Any]:
    """A saved metric stays a name; `{label, sql}` becomes Superset's ad-hoc SQL metric."""
    if isinstance(metric, str):
        return metric
    return {
        "expressionType": "SQL",
        "sqlExpression": metric["sql"],
        "label": metric["label"],
        "hasCustomLabel": True,
        "optionName": f"metric_{asset_uuid('metric', metric['label']).hex[:12]}",
    }


def _equals(column: str, value: str) -> dict[str, Any]:
    return {
        "clause": "WHERE",
        "expressionType": "SIMPLE",
        "subject": column,
        "operator": "==",
        "operatorId": "EQUALS",
        "comparator": value,
    }

"""Dashboard rows → Superset's position tree, and its native filters → dashboard metadata."""

from __future__ import annotations

from typing import Any

from dashboards.identity import asset_uuid, chart_number
from dashboards.models import Chart, Dashboard, Language, NativeFilter, Row, Tile

# must equal the scheme in superset_app/superset_config.py (a test holds them together)
COLOUR_SCHEME = ("#0B5FA5", "#F5A623", "#13A8A8", "#D48806", "#CF1322", "#7B61FF", "#8A97A5")

# Superset's names for a forecast beside its observation
FORECAST_SUFFIXES = ("", "__yhat", "__yhat_lower", "__yhat_upper")


def chart_keys(dashboard: Dashboard) -> list[str]:
    """Keys of the dashboard's charts, in reading order."""
    return [tile.chart for row in dashboard.rows for tile in row.tiles if tile.chart]


def position(
    dashboard: Dashboard, charts: dict[str, Chart], language: Language, links: str
) -> dict[str, Any]:
    """Superset's flat tree: ROOT → GRID → rows → tiles, each naming its parents.

    `links` is the navigation (see dashboards.navigation) that fills `[[nav]]` in texts.
    """
    row_ids = [f"ROW-{number}" for number in range(1, len(dashboard.rows) + 1)]
    title = dashboard.title.in_language(language)
    tree: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": title}},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": row_ids, "parents": ["ROOT_ID"]},
    }
    numbered = chart_keys(dashboard)
    for row_id, row in zip(row_ids, dashboard.rows, strict=True):
        tiles = [
            _chart_tile(row_id, row, tile, numbered, charts[tile.chart], language)
            if tile.chart
            else _text_tile(row_id, n, row, tile, language, links)
            for n, tile in enumerate(row.tiles, 1)
        ]
        tree[row_id] = {
            "type": "ROW",
            "id": row_id,
            "children": [tile["id"] for tile in tiles],
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        tree.update({tile["id"]: tile for tile in tiles})
    return tree


def _chart_tile(
    row_id: str, row: Row, tile: Tile, numbered: list[str], chart: Chart, language: Language
) -> dict[str, Any]:
    key = tile.chart or ""
    meta = {
        "width": tile.width,
        "height": row.height,
        "chartId": chart_number(numbered, key),
        "uuid": str(asset_uuid("chart", key, language)),
        "sliceName": chart.title.in_language(language),
    }
    return {"type": "CHART", "id": f"CHART-{key}", "meta": meta, **_below(row_id)}


def _text_tile(
    row_id: str, number: int, row: Row, tile: Tile, language: Language, links: str
) -> dict[str, Any]:
    assert tile.markdown is not None  # the validator refuses a tile that is neither
    code = tile.markdown.in_language(language).replace("[[nav]]", links)
    meta = {"width": tile.width, "height": row.height, "code": code}
    return {"type": "MARKDOWN", "id": f"MARKDOWN-{row_id}-{number}", "meta": meta, **_below(row_id)}


def _below(row_id: str) -> dict[str, Any]:
    return {"children": [], "parents": ["ROOT_ID", "GRID_ID", row_id]}


def metadata(dashboard: Dashboard, language: Language) -> dict[str, Any]:
    """Dashboard metadata: colours, cross-filters and the native filter bar (horizontal)."""
    numbered = chart_keys(dashboard)
    pinned = _pinned_colours(dashboard, language)
    return {
        "color_scheme": "wattledger",
        "color_scheme_domain": list(COLOUR_SCHEME),
        "color_namespace": None,
        "refresh_frequency": 0,
        "cross_filters_enabled": False,
        "timed_refresh_immune_slices": [],
        "expanded_slices": {},
        "label_colors": pinned,
        # complete, or the browser of a user without write permission tries to save it and is refused (403)
        "map_label_colors": pinned,
        "shared_label_colors": [],
        "default_filters": "{}",
        "chart_configuration": {},
        "global_chart_configuration": {
            "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
            "chartsInScope": [],
        },
        "filter_bar_orientation": "HORIZONTAL",
        "native_filter_configuration": [_filter(item, numbered, language) for item in dashboard.filters],
    }


def _pinned_colours(dashboard: Dashboard, language: Language) -> dict[str, str]:
    """Series name → colour; a forecast's centre line and band are series of their own to Superset."""
    pinned: dict[str, str] = {}
    for item in dashboard.colours:
        name = item.series if isinstance(item.series, str) else item.series.in_language(language)
        pinned |= {f"{name}{suffix}": item.colour for suffix in FORECAST_SUFFIXES}
    return pinned


def _filter(item: NativeFilter, numbered: list[str], language: Language) -> dict[str, Any]:
    dataset = asset_uuid("dataset", item.dataset, language)
    return {
        "id": f"NATIVE_FILTER-{item.key}",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "name": item.name.in_language(language),
        "requiredFirst": item.first,  # without it the first value is shown, and applied only by hand
        "targets": [{"datasetUuid": str(dataset), "column": {"name": item.column}}],
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "controlValues": {
            "enableEmptyFilter": item.first,
            "defaultToFirstItem": item.first,
            "multiSelect": item.multiple,
            "searchAllOptions": True,
            "inverseSelection": False,
            "sortAscending": not item.newest_first,
        },
        "cascadeParentIds": [f"NATIVE_FILTER-{parent}" for parent in item.after],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": [chart_number(numbered, key) for key in item.spares]},
        "description": "",
    }

"""Feeds as declared: found by entry point, with the tables that the contract names."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Integer

import ingestion.feeds
from ingestion.feeds import registry
from ingestion.feeds.columns import CellError
from ingestion.parsing import parse_cell
from ingestion.tables import METADATA

ROOT = Path(__file__).parents[2]


def test_registry__every_module_of_the_folder_is_an_entry_point() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    points = declared["project"]["entry-points"]["wattledger.feeds"]
    modules = {path.stem for path in (ROOT / "ingestion" / "feeds").glob("*.py")}
    assert set(points) == modules - {"__init__", "base", "columns", "curve"}


def test_registry__names_are_tables() -> None:
    for name, feed in registry().items():
        assert feed.table is METADATA.tables[f"landing.{name}"]
        assert [c.name for c in feed.table.primary_key] == [*feed.key, "version"]
        assert set(feed.file_columns) <= set(feed.table.c.keys())
        assert {"version", "batch_id", "line_no"} <= set(feed.table.c.keys())


def test_registry__not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion.feeds, "entry_points", lambda group: [])
    with pytest.raises(RuntimeError, match=r"wattledger\.feeds.*install the project"):
        registry()


def test_meter_day__table_is_partitioned_integers_of_wh() -> None:
    table = registry()["meter_day"].table
    assert table.dialect_options["postgresql"]["partition_by"] == "RANGE (delivery_on)"
    assert isinstance(table.c.p96.type, Integer)
    assert table.c.p96.nullable
    assert any("p01, p02" in str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint))


@pytest.mark.parametrize("feed", ["contract", "trade_day", "day_ahead_day", "market_price_day", "system_day"])
@pytest.mark.parametrize(
    "text", ["Shandong", "山东", "shan dong", "shandong\n", "1shandong", "x" * 64, "a'b"]
)
def test_province__other_spellings_are_refused_at_the_door(feed: str, text: str) -> None:
    (column,) = (column for column in registry()[feed].columns if column.name == "province")
    assert column.parse("shandong") == "shandong"
    with pytest.raises(CellError) as caught:
        column.parse(text)
    assert caught.value.code == "INVALID_CODE"
    assert "write the province's code in lower case, e.g. shandong" in caught.value.remedy


def test_province__no_feed_takes_free_text() -> None:
    holders = {name for name, feed in registry().items() if "province" in feed.file_columns}
    assert holders == {
        "contract",
        "trade_day",
        "day_ahead_day",
        "market_price_day",
        "system_day",
        "tou_condition_day",
        "budget",
        "guarantee",
        "market_volume",
        "spot_suspension",
        "market_parameter",
        "market_item",
        "reference_series",
        "agency_tariff",
        "agency_period_price",
        "grid_statement",
        "centre_statement",
    }


def test_defaults__are_cells_that_could_have_been_delivered() -> None:
    defaults = [
        (feed.name, column) for feed in registry().values() for column in feed.columns if column.default
    ]
    assert ("curve_template", "part") in {(name, column.name) for name, column in defaults}
    for name, column in defaults:
        blank, written = parse_cell(column, ""), parse_cell(column, str(column.default))
        assert (name, blank, type(blank)) == (name, written, type(written))

"""The bundle: both languages, stable identities, resolved placeholders, no secret."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from dashboards.identity import asset_uuid
from dashboards.layout import COLOUR_SCHEME
from dashboards.localise import expand_sql, localise
from dashboards.models import LANGUAGES, Language, Text
from dashboards.render import render
from dashboards.runtime import SUPERSET_APP
from dashboards.source import Source

URI = "postgresql+psycopg2://wl_bi:XXXXXXXXXX@127.0.0.1:5432/wattledger"
CJK = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def bundle(source: Source) -> dict[str, Any]:
    return {path: yaml.safe_load(text) for path, text in render(source, URI).items()}


def test_render__one_dashboard_per_language(source: Source, bundle: dict[str, Any]) -> None:
    boards = {path: body["slug"] for path, body in bundle.items() if path.startswith("dashboards/")}
    expected = [f"{key}-{language}" for key in source.dashboards for language in LANGUAGES]
    assert sorted(boards.values()) == sorted(expected)


def test_render__every_page_links_to_all_and_to_itself_in_the_other_language(
    source: Source, bundle: dict[str, Any]
) -> None:
    for key in source.dashboards:
        for language, other in (("zh", "en"), ("en", "zh")):
            tiles = bundle[f"dashboards/{key}-{language}.yaml"]["position"].values()
            text = "".join(
                tile["meta"]["code"]
                for tile in tiles
                if isinstance(tile, dict) and tile["type"] == "MARKDOWN"
            )
            found = re.findall(r'<span class="([a-z -]+)"><a href="([^"]+)">', text)
            assert [link for style, link in found if style.startswith("wl-page")] == [
                f"/cockpit/{language}/{board}/" for board in source.dashboards
            ]
            assert ("wl-page wl-here", f"/cockpit/{language}/{key}/") in found
            assert ("wl-lang", f"/cockpit/{other}/{key}/") in found


def test_render__is_the_same_every_time(source: Source) -> None:
    assert render(source, URI) == render(source, URI)


def test_render__identities_are_unique_and_pinned(bundle: dict[str, Any]) -> None:
    uuids = [body["uuid"] for body in bundle.values() if "uuid" in body]
    assert len(uuids) == len(set(uuids))
    # pinned: a changed namespace would double every chart in installations that already exist
    assert str(asset_uuid("dashboard", "operations", "zh")) == PINNED_DASHBOARD


PINNED_DASHBOARD = "e397f884-a4b8-5509-9f2c-c6d7f0f25a70"


def test_render__english_has_no_chinese(bundle: dict[str, Any]) -> None:
    for path, body in bundle.items():
        if path.endswith(("_en.yaml", "-en.yaml")):
            text = yaml.safe_dump(body, allow_unicode=True).replace(
                "中文", ""
            )  # the link names the other language
            assert not CJK.search(text), f"{path}: {CJK.findall(text)[:9]}"


def test_render__no_placeholder_is_left(source: Source) -> None:
    assert "[[" not in "".join(render(source, URI).values()).replace('[["', "")


def test_render__password_stays_out(bundle: dict[str, Any]) -> None:
    assert bundle["databases/warehouse.yaml"]["sqlalchemy_uri"] == URI


def test_render__nothing_reads_the_clock(source: Source) -> None:
    text = "".join(render(source, URI).values()).lower()
    for word in ("now()", "current_date", "current_timestamp", "last week", "last month :", "datetrunc"):
        assert word not in text


def test_render__colours_equal_the_configured_scheme() -> None:
    config = (SUPERSET_APP / "superset_config.py").read_text(encoding="utf-8")
    listed = re.search(r'"colors": \[(.*?)\]', config, re.S)
    assert listed is not None
    assert tuple(re.findall(r"#[0-9A-F]{6}", listed[1])) == COLOUR_SCHEME


def test_render__filters_spare_the_charts_they_name(source: Source, bundle: dict[str, Any]) -> None:
    board = bundle["dashboards/operations-zh.yaml"]
    numbers = {
        tile["meta"]["chartId"]: tile["id"].removeprefix("CHART-")
        for tile in board["position"].values()
        if isinstance(tile, dict) and tile["type"] == "CHART"
    }
    shown = {
        item["id"]: [numbers[n] for n in item["scope"]["excluded"]]
        for item in board["metadata"]["native_filter_configuration"]
    }
    for item in source.dashboards["operations"].filters:
        assert shown[f"NATIVE_FILTER-{item.key}"] == item.spares


def test_render__a_filter_that_must_be_set_is_applied_from_the_start(
    source: Source, bundle: dict[str, Any]
) -> None:
    for board in source.dashboards.values():
        filters = bundle[f"dashboards/{board.key}-en.yaml"]["metadata"]["native_filter_configuration"]
        for item, rendered in zip(board.filters, filters, strict=True):
            controls = rendered["controlValues"]
            switches = {
                rendered["requiredFirst"],
                controls["enableEmptyFilter"],
                controls["defaultToFirstItem"],
            }
            assert switches == {item.first}


@pytest.mark.parametrize("language", LANGUAGES)
def test_localise__takes_one_language_everywhere(language: Language) -> None:
    tree = {"a": [{"zh": "零", "en": "nought"}], "b": {"c": {"zh": "一", "en": "one"}}, "d": 2}
    expected = {
        "zh": {"a": ["零"], "b": {"c": "一"}, "d": 2},
        "en": {"a": ["nought"], "b": {"c": "one"}, "d": 2},
    }
    assert localise(tree, language) == expected[language]


def test_expand_sql__doubles_quotes_and_keeps_unknown_codes() -> None:
    texts = {"owner": Text(zh="负责", en="manager's")}
    labels = {"colour": {"r": Text(zh="红", en="r'd")}}
    sql = expand_sql("select '[[t:owner]]', [[label:colour t.c]]", "en", texts, labels)
    assert sql == "select 'manager''s', case t.c when 'r' then 'r''d' else t.c end"


def test_expand_sql__names_an_unknown_text() -> None:
    with pytest.raises(KeyError, match="nobody"):
        expand_sql("[[t:nobody]]", "zh", {}, {})

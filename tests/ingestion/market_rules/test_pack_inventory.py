"""Which packs are shipped, and that they hang together."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest

from ingestion.market_rules import BUILT_IN
from ingestion.market_rules.schema import items_of
from tests.ingestion.market_rules.conftest import PackOn, Packs

AREAS = [
    "anhui",
    "beijing",
    "chongqing",
    "fujian",
    "gansu",
    "guangdong",
    "guangxi",
    "guizhou",
    "hainan",
    "hebei",
    "heilongjiang",
    "henan",
    "hubei",
    "hunan",
    "jiangsu",
    "jiangxi",
    "jibei",
    "jilin",
    "liaoning",
    "mengdong",
    "mengxi",
    "ningxia",
    "qinghai",
    "shaanxi",
    "shaanxi_yulin",
    "shandong",
    "shanghai",
    "shanxi",
    "shenzhen",
    "sichuan",
    "tianjin",
    "xinjiang",
    "yunnan",
    "zhejiang",
]
FULL_FORM = [
    "shandong",
    "anhui",
    "gansu",
    "jiangsu",
    "hubei",
    "shanxi",
    "sichuan",
    "zhejiang",
    "guangdong",
    "fujian",
    "hunan",
    "yunnan",
    "mengxi",
]


def test_packs__every_area_has_its_own_without_a_gap(packs: Packs) -> None:
    assert sorted(packs) == AREAS
    for province, versions in packs.items():
        assert versions[-1].effective_to == date(2026, 12, 31)
        assert any(pack.effective_from == date(2026, 8, 1) for pack in versions)
        for earlier, later in pairwise(versions):
            assert earlier.effective_to is not None
            assert (later.effective_from - earlier.effective_to).days == 1, province


def test_packs__transmission_prices_begin_on_the_first_of_august(packs: Packs) -> None:
    for province, versions in packs.items():
        for pack in versions:
            has_prices = pack.tariff is not None and pack.tariff.transmission_distribution is not None
            assert has_prices == (pack.effective_from == date(2026, 8, 1)), province


@pytest.mark.parametrize("province", FULL_FORM)
def test_packs__full_form_has_the_sections_of_the_market(pack_on: PackOn, province: str) -> None:
    pack = pack_on(province)
    assert pack.settlement
    assert pack.tou
    assert pack.clearing
    assert pack.position_limits
    assert pack.tariff
    assert pack.calendar
    assert pack.credit


def test_packs__a_null_says_why(packs: Packs) -> None:
    silent = [
        (pack.province, path)
        for versions in packs.values()
        for pack in versions
        for path, item in items_of(pack)
        if item.value is None and not item.note
    ]
    assert silent == []


@pytest.mark.parametrize(("province", "words"), [("shandong", "June"), ("sichuan", "22:00-23:00")])
def test_packs__a_doubtful_transcription_is_noted(pack_on: PackOn, province: str, words: str) -> None:
    assert any(words in note for note in pack_on(province).notes or [])


def test_packs__read_as_written_by_hand() -> None:
    """Each file says what it is and where the confidence tags come from, and is named by its first day."""
    for path in BUILT_IN.rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# "), path
        assert re.search(r"^effective_from: (.*)$", text, re.M)[1] == path.stem  # type: ignore[index]

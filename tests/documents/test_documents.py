"""Files: hostile names, equal bytes, missing data and fonts, agreed prices, long names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contract_templates.documents import MissingFactsError, contract_document
from ingestion.contract_templates.documents.agreed import AgreedPriceError, with_agreed_prices
from ingestion.contract_templates.documents.facts import (
    Deviation,
    DeviationSide,
    Party,
    PeriodPrice,
)
from ingestion.documents import DocumentError, MissingFontError, document_bytes
from ingestion.documents.fonts import font_folder
from ingestion.documents.language import chinese_number
from ingestion.documents.pdf_writer import page_images
from tests.documents.contracts import FACTS
from tests.documents.packages import package
from tests.documents.reading import squeezed, text_of

HOSTILE = (
    '#read("/etc/passwd")',
    '#eval("1+1")',
    "*bold* _it_ `raw` $x^2$",
    "@ref <label> \\ \\u{41} \\#x",
    '"; #panic("x") //',
    "= heading /* comment */ // line",
    "]#[ {x} (y) ~ -- ---",
    "<w:t>&amp;</w:t> ]]> %PDF",
    "株式会社 龘 有限公司",
    "A" * 300,
    "超长" * 120,
)


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
@pytest.mark.parametrize("name", HOSTILE)
def test_name__is_printed_and_never_obeyed(tmp_path: Path, name: str, suffix: str) -> None:
    facts = replace(FACTS, customer=Party(name), retailer=Party(f"乙 {name}"), contract_id=name)
    path = tmp_path / f"c{suffix}"
    path.write_bytes(document_bytes(contract_document(facts, "zh"), path))
    assert squeezed(name) in text_of(path)
    assert "root:" not in text_of(path)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40))
def test_name__any_text_can_be_set(name: str) -> None:
    document = contract_document(replace(FACTS, customer=Party(name)), "en")
    for suffix in (".docx", ".pdf"):
        assert document_bytes(document, Path(f"x{suffix}"))


@pytest.mark.parametrize("bad", ["a\x00b", "a\nb", "\u202eab", "\ud800"])
def test_name__an_unprintable_character_is_refused(bad: str) -> None:
    with pytest.raises(DocumentError, match=r"cannot be printed.*Remedy"):
        contract_document(replace(FACTS, customer=Party(bad)), "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_bytes__are_equal_and_dated_by_the_data(tmp_path: Path, suffix: str, lang: str) -> None:
    path = tmp_path / f"c{suffix}"
    first = document_bytes(contract_document(FACTS, "zh" if lang == "zh" else "en"), path)
    assert document_bytes(contract_document(FACTS, "zh" if lang == "zh" else "en"), path) == first
    path.write_bytes(first)
    if suffix == ".pdf":
        information = pypdf.PdfReader(path).metadata
        assert information is not None
        assert information.creation_date is not None
        assert information.creation_date.date() == FACTS.signed_on
    else:
        created = docx.Document(str(path)).core_properties.created
        assert created is not None
        assert created.date() == FACTS.signed_on


def test_bytes__do_not_depend_on_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = contract_document(FACTS, "zh")
    before = [document_bytes(document, Path(f"x{suffix}")) for suffix in (".docx", ".pdf")]
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *given: (2096, 10, 2, 7, 6, 40, 1, 276, 0))
    assert [document_bytes(document, Path(f"x{suffix}")) for suffix in (".docx", ".pdf")] == before


def test_facts__everything_missing_is_named_at_once() -> None:
    bare = replace(FACTS, prices=(), quantities=(), total_mwh=None, accounts=(), points=())
    with pytest.raises(MissingFactsError) as told:
        contract_document(bare, "zh")
    assert [what.split(" (")[0] for what in told.value.missing] == [
        "prices",
        "accounts",
        "monthly quantities",
    ]
    with pytest.raises(MissingFactsError, match="metering points"):
        contract_document(replace(FACTS, points=()), "zh")


def test_suffix__another_one_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(DocumentError, match=r"\.docx or \.pdf"):
        document_bytes(contract_document(FACTS, "zh"), Path("contract.odt"))


def test_fonts__absent_ones_are_told_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingFontError, match="make install"):
        font_folder("no_such_fonts")
    (tmp_path / "half_fonts").mkdir()
    (tmp_path / "half_fonts" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MissingFontError, match=r"NotoSerifSC-Regular\.otf, NotoSansSC-Regular\.otf"):
        font_folder("half_fonts")


def test_pdf__carries_only_the_fonts_of_the_package(tmp_path: Path) -> None:
    path = tmp_path / "c.pdf"
    path.write_bytes(document_bytes(contract_document(FACTS, "zh"), path))
    fonts = set()
    for page in pypdf.PdfReader(path).pages:
        resources: Any = page["/Resources"]
        fonts |= {str(entry.get_object()["/BaseFont"]) for entry in resources["/Font"].values()}
    assert fonts
    assert all(re.search(r"\+Noto(Serif|Sans)(CJK)?(SC|sc)", name) for name in fonts), fonts
    assert page_images(contract_document(FACTS, "zh"))[0].startswith(b"\x89PNG")


def test_agreed__the_contracts_prices_take_the_place_of_the_lists(tmp_path: Path) -> None:
    listed = package(tmp_path, "tou")
    agreed = (PeriodPrice("peak", Decimal("481.000")), PeriodPrice("valley", Decimal("301.000")))
    (component,) = with_agreed_prices(listed, agreed).components
    assert [(value.period, value.value) for value in component.parameters] == [
        ("peak", Decimal("481.000")),
        ("valley", Decimal("301.000")),
    ]
    mixed = package(tmp_path, "mixed")
    assert with_agreed_prices(mixed, agreed) is mixed
    with pytest.raises(AgreedPriceError, match="contract_price has all"):
        with_agreed_prices(listed, FACTS.prices)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_deviation__the_contracts_own_clause(tmp_path: Path, lang: str) -> None:
    rate, price = Decimal("0.051"), Decimal("0.115")
    side = DeviationSide(rate, price, Decimal("0.103"), Decimal("0.225"))
    clause = Deviation("month", "rate_of_series", "rt_unified", side, side, "shared", Decimal("0.575"))
    path = tmp_path / "c.docx"
    document = contract_document(replace(FACTS, deviation=clause), "zh" if lang == "zh" else "en")
    path.write_bytes(document_bytes(document, path))
    text = text_of(path)
    for wanted in ("5.1%", "10.3%", "11.5%", "22.5%", "57.5%"):
        assert wanted in text
    assert text.count("5.1%") >= 2


def test_version__stands_in_the_head(tmp_path: Path) -> None:
    path = tmp_path / "c.docx"
    facts = replace(FACTS, package=package(tmp_path, "linked"), version_no=3, version_from=date(2026, 2, 1))
    path.write_bytes(document_bytes(contract_document(facts, "zh"), path))
    assert "第3版，自2026年2月起生效" in text_of(path)


def test_numbers__up_to_ninety_nine() -> None:
    words = [chinese_number(number) for number in range(1, 100)]
    assert len(set(words)) == 99
    assert words[10] == "十一"
    assert words[98] == "九十九"

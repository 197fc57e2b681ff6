"""Every kind of component says its terms: each number of the package is in the DOCX and in the PDF."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.contract_templates.clause import Clause
from ingestion.contract_templates.documents import contract_document
from ingestion.contract_templates.documents.package_terms import package_blocks
from ingestion.contract_templates.inputs import INPUTS
from ingestion.contract_templates.kinds import kinds
from ingestion.contract_templates.stored import stored_package
from ingestion.documents import document_bytes
from ingestion.documents.blocks import Paragraph
from ingestion.documents.language import Lang
from tests.documents.contracts import FACTS
from tests.documents.packages import COMPONENTS, package
from tests.documents.reading import text_of


def _said(value: Decimal) -> tuple[str, str]:
    """A number as such, or as a percentage."""
    return f"{value:f}", f"{(value * 100).normalize():f}%"


def test_cases__every_kind_is_there() -> None:
    assert {part["kind"] for parts in COMPONENTS.values() for part in parts} == set(kinds())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", COMPONENTS)
def test_contract__says_every_number_of_the_package(tmp_path: Path, name: str, lang: Lang) -> None:
    terms = package(tmp_path, name)
    facts = replace(FACTS, package=terms, prices=(), quantities=(), accounts=(), signed_on=None)
    document = contract_document(facts, lang)
    for suffix in (".docx", ".pdf"):
        path = tmp_path / f"contract{suffix}"
        path.write_bytes(document_bytes(document, path))
        text = text_of(path)
        for component in terms.components:
            title = component.title.zh if lang == "zh" else component.title.en
            assert title.replace(" ", "") in text
            for value in component.parameters:
                assert any(form in text for form in _said(value.value)), (value, text)


@pytest.mark.parametrize("name", COMPONENTS)
def test_clause__each_language_in_its_own_words(tmp_path: Path, name: str) -> None:
    terms = package(tmp_path, name)
    english = " ".join(b.text for b in package_blocks(terms, "en") if isinstance(b, Paragraph))
    chinese = " ".join(b.text for b in package_blocks(terms, "zh") if isinstance(b, Paragraph))
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)
    assert "Party" not in chinese
    assert "," not in chinese.replace("clamp", "")  # Chinese text has Chinese punctuation


def test_inputs__all_have_a_chinese_meaning() -> None:
    assert [name for name, entry in INPUTS.items() if not entry.meaning_zh] == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_stored__the_package_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    terms = package(tmp_path, name)
    again = stored_package(terms.body)
    assert again.package_hash == terms.package_hash
    for lang in ("zh", "en"):
        assert list(package_blocks(again, lang)) == list(package_blocks(terms, lang))


def test_kind__a_third_partys_brings_its_own_clause(tmp_path: Path) -> None:
    terms = package(tmp_path, "fixed")
    clause = Clause(lambda t: [f"自备条款 {t['price']}"], lambda t: [f"own clause {t['price']}"])
    (component,) = terms.components
    own = replace(component, kind=replace(component.kind, clause=clause))
    blocks = list(package_blocks(replace(terms, components=(own,)), "en"))
    assert blocks == [Paragraph("(1) fixed price: own clause 401.001 CNY/MWh")]

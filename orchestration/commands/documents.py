"""Contract documents on the command line: the contract of a customer, and the quotation of a package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingestion.contract_templates import PackageFileError, read_cases, read_packages
from ingestion.contract_templates.documents import (
    MissingFactsError,
    QuotationFacts,
    contract_document,
    quotation_document,
)
from ingestion.contract_templates.documents.facts import Party
from ingestion.documents import SUFFIXES, Document, DocumentError, MissingFontError, document_bytes
from ingestion.market_rules import BUILT_IN, PackFileError
from orchestration.commands.shared import ERR, OUT, Language, house, told_failures
from orchestration.contract_facts import UnknownContractError, read_contract
from orchestration.errors import JobError
from orchestration.settings import Settings

_RETAILER_HELP = "Legal name of the retailer, Party B."
Retailer = Annotated[str, typer.Option(envvar="WATTLEDGER_RETAILER", help=_RETAILER_HELP)]
RetailerEn = Annotated[
    str | None, typer.Option(envvar="WATTLEDGER_RETAILER_EN", help="Its name for English documents.")
]
Lang = Annotated[Language, typer.Option(help="Language of the document.")]
Out = Annotated[Path, typer.Option(help="The file to write; its suffix, .docx or .pdf, is the format.")]


def _out(path: Path) -> Path:
    """Refuse a wrong name before any work is done for it."""
    if path.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(f"{path}: end the name in {' or '.join(SUFFIXES)}", param_hint="--out")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"{path.parent} is no folder; create it first", param_hint="--out")
    return path


def _write(document: Document, path: Path) -> None:
    """Write the whole file or none."""
    content = document_bytes(document, path)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(content)
    draft.replace(path)
    OUT.print(f"wrote {path}: {document.title}, {document.subject}", markup=False, highlight=False)


def render(
    contract_id: Annotated[str, typer.Argument(help="Number of the contract.")],
    out: Out,
    retailer: Retailer,
    retailer_en: RetailerEn = None,
    lang: Lang = Language.zh,
    version: Annotated[int | None, typer.Option(help="Version of the terms; default: the newest.")] = None,
) -> None:
    """Write a contract as DOCX or PDF, from the contract data and its package definition.

    Example: [cyan]wattledger contract render SD26-001-1 --retailer 齐鲁售电有限公司 --out contract.pdf[/]
    """
    path = _out(out)
    engine = house().engine("wl_transform")
    with told_failures(
        UnknownContractError, MissingFactsError, PackageFileError, DocumentError, MissingFontError, OSError
    ):
        facts = read_contract(engine, contract_id, Party(retailer, retailer_en), version)
        _write(contract_document(facts, lang.value), path)


def quote(
    package_file: Annotated[Path, typer.Argument(help="Package file (YAML).", exists=True)],
    customer: Annotated[str, typer.Option(help="Legal name of the customer.")],
    inputs: Annotated[Path, typer.Option(help="Example months to price (YAML or CSV).", exists=True)],
    out: Out,
    retailer: Retailer,
    retailer_en: RetailerEn = None,
    customer_en: Annotated[str | None, typer.Option(help="Its name for English documents.")] = None,
    lang: Lang = Language.zh,
) -> None:
    """Write a quotation: the package's terms and example months, priced in SQL like any other.

    Example: [cyan]wattledger contract quote sd_mixed.yml --customer 鲁岳精细化工有限公司
    --retailer 齐鲁售电有限公司 --inputs june.yml --out quotation.docx[/]
    """
    path = _out(out)
    with told_failures(PackageFileError, PackFileError, OSError):
        packs = [BUILT_IN, *Settings.from_environment().rule_pack_folders]
        (package,) = read_packages([package_file], packs)
        cases = read_cases(inputs, [package])
    from orchestration.pricing import price_cases  # dbt takes seconds to import
    from orchestration.transform import TransformError, target_folder

    place = house()
    with told_failures(JobError, TransformError):
        priced = price_cases(place.warehouse, target_folder(place.home), place.business_day, cases, ERR.print)
    facts = QuotationFacts(
        customer=Party(customer, customer_en),
        retailer=Party(retailer, retailer_en),
        package=package,
        quoted_on=place.business_day.day,
        totals=priced.totals,
        lines=priced.lines,
    )
    with told_failures(MissingFactsError, DocumentError, MissingFontError, OSError):
        _write(quotation_document(facts, lang.value), path)

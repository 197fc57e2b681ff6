"""What a user may write to ask a what-if, and how a package wants its energy divided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.contract_templates import Package, PackageFileError, read_cases, read_packages
from orchestration.what_if_request import OptionError, division_of, months_of, options_of

HEAD = "package: asked\nversion: 1\ntype: any\ntitle: {zh: 试算, en: what if}\ncomponents:\n"


def _package(folder: Path, components: str) -> Package:
    path = folder / "package.yml"
    path.write_text(HEAD + components, encoding="utf-8")
    (package,) = read_packages([path], [])
    return package


def test_months__one_or_a_span() -> None:
    assert months_of("2026-01") == (date(2026, 1, 1), date(2026, 1, 1))
    assert months_of("2025-12..2026-03") == (date(2025, 12, 1), date(2026, 3, 1))


@pytest.mark.parametrize(
    "text", ["2026", "2026-13", "2026-01..", "..2026-01", "2026-03..2026-01", "2026-01..x"]
)
def test_months__what_is_none_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(OptionError, match=r"write it as 2026-01"):
        months_of(text)


def test_options__numbers_and_series(tmp_path: Path) -> None:
    package = _package(tmp_path, "  - {kind: linked, k: 1}\n")
    assert options_of(package, ["ref=rt_unified", "base=453.5"]) == {
        "ref": "rt_unified",
        "base": Decimal("453.5"),
    }


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["q=100"], "no input 'q' to give for all contracts"),
        (["reff=1"], "no input 'reff'"),
        (["ref"], "'' is not a number"),
        (["ref=NaN"], "not a number"),
        (["ref=1.2345"], "at most 3 decimals"),
        (["contract_q=rt_unified"], "'rt_unified' is not a number; allowed: a number in MWh"),
        (["ref=1", "ref=2"], "ref is given twice"),
    ],
)
def test_options__mistakes_name_value_and_remedy(tmp_path: Path, texts: list[str], message: str) -> None:
    package = _package(tmp_path, "  - {kind: linked, k: 1}\n")
    with pytest.raises(OptionError) as caught:
        options_of(package, texts)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("components", "division"),
    [
        ("  - {kind: fixed, price: 420}\n", "none"),
        ("  - {kind: fixed, price: 420, per: period}\n", "tou"),
        ("  - {kind: tou, price: {peak: 560, deep_valley: 200}}\n", "tou"),
        ("  - {kind: tou, price: {h01: 300, h24: 500}}\n", "hour_of_day"),
        ("  - {kind: tou, price: {peak: 560, weekend: 300}}\n", "own"),
    ],
)
def test_division__follows_the_periods_of_the_prices(tmp_path: Path, components: str, division: str) -> None:
    assert division_of(_package(tmp_path, components)) == division


def test_cases__a_contract_may_come_in_several_months(tmp_path: Path) -> None:
    package = _package(tmp_path, "  - {kind: spread, d: 45}\n")
    path = tmp_path / "given.csv"
    path.write_text(
        "case,package,month,name,period,value\nC1,,2026-01,base,,450\nC1,,2026-02,base,,455\n",
        encoding="utf-8",
    )
    found = read_cases(path, [package], by_month=True)
    assert [(case.case_id, case.month.month, case.inputs[0].value) for case in found] == [
        ("C1", 1, Decimal(450)),
        ("C1", 2, Decimal(455)),
    ]
    with pytest.raises(PackageFileError, match="package or month differs within the case"):
        read_cases(path, [package])
    path = tmp_path / "given.yml"
    path.write_text(
        "month: 2026-01\ncases: [{case: C1, base: 450}, {case: C1, base: 451}]\n", encoding="utf-8"
    )
    with pytest.raises(PackageFileError, match="a case needs an id of its own"):
        read_cases(path, [package], by_month=True)

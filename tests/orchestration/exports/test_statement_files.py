"""Statements as files: what they say is what they were given, whole, in both languages, with equal bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdf
import pytest

from ingestion.documents.language import Lang
from ingestion.documents.pdf_writer import pdf_bytes
from orchestration.exports import statement_files
from orchestration.exports.statement_files import file_stem, write_statements
from orchestration.exports.statement_pdf import shown, statement_document
from orchestration.exports.statement_words import line_title
from orchestration.exports.statement_xlsx import write_statement_xlsx
from orchestration.exports.statements import Statement, StatementError
from tests.documents.reading import squeezed, text_of
from tests.orchestration.exports.formulas import recalculated
from tests.orchestration.exports.samples import BOTH, LONG, MIXED, line, statement

LANGUAGES: tuple[Lang, ...] = ("zh", "en")


def _ignored(done: int) -> None:
    """Nobody watches."""


def _cells(path: Path) -> list[list[object]]:
    page = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]


@pytest.mark.parametrize("given", [BOTH, LONG], ids=["mixed", "long"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_xlsx__formulas_come_to_what_sql_said(tmp_path: Path, given: Statement, lang: Lang) -> None:
    path = tmp_path / "s.xlsx"
    write_statement_xlsx(path, given, lang)
    found = recalculated(path)
    stages = sum(len(part.stages) for part in given.contracts)
    assert len(found) >= 3 * (stages + 2 * len(given.contracts) + 2)
    assert [place for place, (stored, result) in found.items() if stored != result] == []
    assert (given.total.amount_cny, given.total.amount_cny) in found.values()


def test_xlsx__a_wrong_sum_would_be_seen(tmp_path: Path) -> None:
    """The comparison above can fail: a total that is not its lines' sum differs from its formula."""
    wrong = replace(BOTH, total=replace(BOTH.total, amount_cny=BOTH.total.amount_cny + Decimal("0.01")))
    path = tmp_path / "s.xlsx"
    write_statement_xlsx(path, wrong, "zh")
    assert [stored - result for stored, result in recalculated(path).values() if stored != result]


def test_xlsx__holds_typed_lines_in_order(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    write_statement_xlsx(path, BOTH, "en")
    rows = _cells(path)
    lines = [line for part in BOTH.contracts for stage in part.stages for line in stage.lines]
    printed = [row[:8] for row in rows if row[0] in {line["title_en"] for line in lines}]
    assert printed == [
        [
            line["title_en"],
            line["account_id"] or "whole contract",
            "all hours" if line["tou_period"] == "all" else line["tou_period"].replace("_", " "),
            *(
                None if value is None else float(value)
                for value in (
                    line["quantity_mwh"],
                    line["price_cny_per_mwh"] or line["average_price_cny_per_mwh"],
                    line["amount_cny"],
                    line["net_cny"],
                    line["vat_cny"],
                )
            ),
        ]
        for line in lines
    ]
    points = openpyxl.load_workbook(path).worksheets[1]
    assert [row[2].value for row in points.iter_rows(min_row=2)] == ["MP-0101", "MP-0102", "MP-0104"]
    assert points["E2"].value == datetime(2026, 9, 1)


@pytest.mark.parametrize(
    ("reason", "lang", "said"),
    [
        ("quantity_revised", "zh", "固定价（更正2026年8月：电量修订）"),
        ("quantity_revised", "en", "fixed price (correction of August 2026: quantity revised)"),
        ("meter fault", "en", "fixed price (correction of August 2026: meter fault)"),
        (None, "en", "fixed price"),
    ],
)
def test_line_title__of_a_correction_says_which_month_and_why(
    reason: str | None, lang: Lang, said: str
) -> None:
    own = line(("固定价", "fixed price"), "energy", "1", "400")
    assert line_title(own | {"origin_month": date(2026, 8, 1), "reason_code": reason}, lang) == said


def test_xlsx__energy_that_is_priced_twice_counts_once(tmp_path: Path) -> None:
    """The coal-linked step acts on all the energy once more; the subtotal leaves it out."""
    path = tmp_path / "s.xlsx"
    write_statement_xlsx(path, statement(MIXED), "en")
    (subtotal,) = (row for row in _cells(path) if row[0] == "Energy fee subtotal")
    assert subtotal[3] == 1127.681


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pdf__says_every_line_total_name_and_date(tmp_path: Path, lang: Lang) -> None:
    path = tmp_path / "s.pdf"
    path.write_bytes(pdf_bytes(statement_document(BOTH, lang)))
    text = text_of(path)
    wanted = [BOTH.zh if lang == "zh" else BOTH.en, "2026年9月" if lang == "zh" else "September 2026"]
    for part in BOTH.contracts:
        wanted += [part.head["contract_id"], shown(part.total.amount_cny)]
        wanted += [point["metering_point_id"] for point in part.points]
        for stage in part.stages:
            wanted += [stage.zh if lang == "zh" else stage.en, shown(stage.total.amount_cny)]
            for entry in stage.lines:
                wanted += [entry[f"title_{lang}"], shown(entry["quantity_mwh"]), shown(entry["amount_cny"])]
    for rate, total in BOTH.taxes:
        wanted += [f"{rate * 100:.0f}%", shown(total.net_cny), shown(total.vat_cny)]
    assert [what for what in wanted if squeezed(what) not in text] == []


def test_pdf__a_long_statement_has_all_its_lines_on_many_pages(tmp_path: Path) -> None:
    path = tmp_path / "s.pdf"
    path.write_bytes(pdf_bytes(statement_document(LONG, "zh")))
    pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
    assert len(pages) > 8
    accounts = re.findall(r"3700001\d{5}", "".join(pages))
    # once a line, once in the list of accounts, once in the list of metering points
    assert len(accounts) == 60 * 5 + 60 + 60
    heads = [page for page in pages if "费用项" in page]
    assert len(heads) > 5, "the heading is repeated on every page of the table"
    assert LONG.zh in squeezed("".join(pages))


def test_pdf__is_dated_by_the_month(tmp_path: Path) -> None:
    path = tmp_path / "s.pdf"
    path.write_bytes(pdf_bytes(statement_document(BOTH, "en")))
    found = pypdf.PdfReader(path).metadata
    assert found is not None
    assert str(found.creation_date)[:10] == "2026-09-30"


def test_files__equal_bytes_whatever_the_time_and_in_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [replace(BOTH, customer_id=f"C{number:03d}") for number in range(120)]
    serial, pooled = tmp_path / "serial", tmp_path / "pooled"
    serial.mkdir()
    pooled.mkdir()
    written = write_statements(serial, iter(many), len(many), ["xlsx", "pdf"], "zh", _ignored)
    monkeypatch.setattr(statement_files, "POOL_FROM", 1)
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    seen: list[int] = []
    assert write_statements(pooled, iter(many), len(many), ["xlsx", "pdf"], "zh", seen.append) == written
    assert sum(seen) == len(many)
    assert len(written) == 240
    for file in written:
        assert (serial / file.path).read_bytes() == (pooled / file.path).read_bytes(), file.path


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", ".hidden", "a/b", "客户 1", "x" * 200, "客" * 200, "%2E"]
)
def test_file_stem__stays_in_its_folder_and_in_the_limits_of_a_file_system(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{file_stem(name)}.xlsx"
    path.write_text("x")
    assert path.parent.resolve() == tmp_path.resolve()
    assert not path.name.startswith(".")


def test_file_stem__different_numbers_stay_different() -> None:
    names = ["a/b", "a_b", "a%2Fb", "%2E", ".", "x" * 201, "x" * 202, "客" * 100, "客" * 101]
    assert len({file_stem(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ['=cmd|" /C calc"!A0', "#panic()", "<b>&amp;</b>", "Ａ株式会社 龘"])
def test_name__is_printed_and_never_obeyed(tmp_path: Path, name: str) -> None:
    given = replace(BOTH, zh=name)
    write_statement_xlsx(tmp_path / "s.xlsx", given, "zh")
    cell = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == (f"{name}（编号 C001）", "s")
    (tmp_path / "s.pdf").write_bytes(pdf_bytes(statement_document(given, "zh")))
    assert squeezed(name) in text_of(tmp_path / "s.pdf")


@pytest.mark.parametrize(("form", "name"), [("xlsx", "x" * 40_000), ("pdf", "a\u202eb")])
def test_name__that_a_file_cannot_hold_is_refused_with_its_customer(
    tmp_path: Path, form: str, name: str
) -> None:
    with pytest.raises(StatementError, match=r"statement of customer C001: .*Remedy"):
        write_statements(tmp_path, iter([replace(BOTH, zh=name)]), 1, [form], "zh", _ignored)

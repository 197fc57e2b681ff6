"""``wattledger contract render``: numbers, dates and parties in the file are those of the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from ingestion.contract_templates import land_packages, read_packages
from ingestion.intake import ingest_paths
from ingestion.market_rules import BUILT_IN
from ingestion.sample.config import PACKAGES
from ingestion.sample.deliveries import build_world, manifest_bytes
from ingestion.sample.sales import sales_deliveries
from ingestion.sample.workbooks import workbook_deliveries
from orchestration.cli import app
from orchestration.commands import documents
from orchestration.house import House
from orchestration.runs import writing_marts
from orchestration.settings import Settings
from orchestration.transform import run_dbt, target_folder
from tests.conftest import temporary_home
from tests.documents.reading import cells_of, squeezed, text_of
from tests.ingestion.sample.conftest import synthetic_profiles

pytestmark = pytest.mark.integration
RETAILER = "齐鲁售电有限公司"
FIXED, TOU, CHANGED, DRAFT, PAST = "SD26-001-1", "SD26-002-1", "SD26-004-1", "SD27-001-1", "SD25-002-1"
STAGED = tuple(
    f"+stg_{name}"
    for name in (
        "contract",
        "customer",
        "account",
        "metering_point",
        "contract_account",
        "contract_quantity",
        "contract_price",
        "contract_deviation",
        "contract_version",
    )
)
HEAD = """
select c.*, u.customer_name, u.customer_name_en
from staging.stg_contract c
join staging.stg_customer u on u.customer_id = c.customer_id
    and c.effective_from between u.effective_from and u.valid_to
where contract_id = :id
"""


def _rows(book: House, query: str, contract_id: str) -> list[dict[str, Any]]:
    with book.warehouse.admin.connect() as connection:
        return [dict(row) for row in connection.execute(sa.text(query), {"id": contract_id}).mappings()]


@pytest.fixture(scope="module")
def sample() -> Iterator[House]:
    """The sample retailer's own books (customers, contracts, sales), landed and staged, and its packages."""
    with temporary_home() as home:
        house = House(Settings(home, None, ()))
        (home.root / "business_date").write_text("2026-11-12\n")
        house.warehouse.prepare()
        world = build_world(synthetic_profiles())
        found = [*workbook_deliveries(world.points, world.contracts), *sales_deliveries(world.contracts)]
        for delivery in found:
            (house.inbox / delivery.file_name).write_bytes(delivery.content)
        (house.inbox / "manifest.csv").write_bytes(manifest_bytes(found))
        ingest = house.engine("wl_ingest")
        assert {report.status for report in ingest_paths(ingest, [house.inbox])} == {"landed"}
        for _ in range(2):  # landing is repeatable
            land_packages(ingest, read_packages(sorted(PACKAGES.glob("*.yml")), [BUILT_IN]))
        ledger = house.engine("wl_ledger")
        with writing_marts(ledger, "test", house.business_day, on_wait=print) as run:
            run_dbt(
                ["run", "--quiet", "--select", *STAGED],
                url=house.warehouse.url("wl_transform"),
                target=target_folder(home),
                pgoptions=run.pgoptions,
            )
        yield house
        house.close()


@pytest.fixture
def book(sample: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The command line works on the sample's house."""
    monkeypatch.setattr(documents, "house", lambda: sample)
    return sample


def _run(*arguments: object) -> Result:
    texts = [str(argument) for argument in arguments]
    return CliRunner().invoke(
        app, ["contract", *texts], env={"COLUMNS": "200", "WATTLEDGER_RETAILER": RETAILER}
    )


def _rendered(folder: Path, contract_id: str, suffix: str, *more: object) -> Path:
    out = folder / f"contract{suffix}"
    result = _run("render", contract_id, "--out", out, *more)
    assert result.exit_code == 0, result.output
    return out


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
@pytest.mark.parametrize("contract_id", [FIXED, TOU])
def test_render__says_what_the_warehouse_has(
    book: House, tmp_path: Path, contract_id: str, suffix: str
) -> None:
    text = text_of(_rendered(tmp_path, contract_id, suffix))
    (head,) = _rows(book, HEAD, contract_id)
    assert squeezed(head["customer_name"]) in text
    assert RETAILER in text
    for day in (head["signed_on"], head["effective_from"], head["effective_to"]):
        assert f"{day.year}年{day.month}月{day.day}日" in text
    quantities = _rows(
        book, "select * from staging.stg_contract_quantity where contract_id = :id", contract_id
    )
    assert len(quantities) == 12
    for row in quantities:
        month = row["delivery_month"]
        assert f"{month.year}年{month.month}月{row['quantity_mwh']}" in text
    assert f"合计{sum(row['quantity_mwh'] for row in quantities)}" in text
    for row in _rows(book, "select * from staging.stg_contract_price where contract_id = :id", contract_id):
        assert str(row["price_cny_per_mwh"]) in text
    for row in _rows(
        book,
        "select p.* from staging.stg_metering_point p join staging.stg_contract_account a using (account_id)"
        " where a.contract_id = :id",
        contract_id,
    ):
        assert f"{row['metering_point_id']}{row['account_id']}{row['meter_id']}" in text


def test_render__prices_stand_beside_their_periods(book: House, tmp_path: Path) -> None:
    words = {"sharp": "尖峰", "peak": "高峰", "flat": "平段", "valley": "低谷", "deep_valley": "深谷"}
    rows = _rows(book, "select * from staging.stg_contract_price where contract_id = :id", TOU)
    wanted = {(words[row["period"]], str(row["price_cny_per_mwh"])) for row in rows}
    tables = cells_of(_rendered(tmp_path, TOU, ".docx"))
    assert any({tuple(row) for row in table[1:]} == wanted for table in tables)


def test_render__the_newest_terms_or_those_asked_for(book: House, tmp_path: Path) -> None:
    newest = text_of(_rendered(tmp_path, CHANGED, ".docx"))
    assert "sample_mixed" in newest
    assert "第2版,自2026年12月起生效".replace(",", "，") in newest
    first = text_of(_rendered(tmp_path, CHANGED, ".docx", "--version", 1))
    assert "sample_tou" in first
    assert "sample_mixed" not in first
    result = _run("render", CHANGED, "--out", tmp_path / "x.pdf", "--version", 9)
    assert result.exit_code == 1
    assert "known versions: 1, 2" in result.output


def test_render__english_and_equal_bytes(book: House, tmp_path: Path) -> None:
    (head,) = _rows(book, HEAD, FIXED)
    for suffix in (".docx", ".pdf"):
        content = _rendered(tmp_path, FIXED, suffix, "--lang", "en").read_bytes()
        again = _rendered(tmp_path, FIXED, suffix, "--lang", "en")
        assert again.read_bytes() == content
        text = text_of(again)
        assert squeezed(f"{head['customer_name_en']} ({head['customer_name']})") in text
        assert "from1January2026to31December2026" in text


def test_render__a_draft_is_a_draft_and_a_signed_contract_lacks_nothing(book: House, tmp_path: Path) -> None:
    assert "草案" in text_of(_rendered(tmp_path, DRAFT, ".pdf"))
    result = _run("render", PAST, "--out", tmp_path / "past.pdf")
    assert result.exit_code == 1
    assert "accounts (deliver contract_account and account)" in result.output
    assert "monthly quantities (deliver contract_quantity)" in result.output
    assert not (tmp_path / "past.pdf").exists()


def test_render__an_unknown_contract_names_near_ones(book: House, tmp_path: Path) -> None:
    result = _run("render", "SD26-001-l", "--out", tmp_path / "x.pdf")
    assert result.exit_code == 1
    assert "near matches: " in result.output
    assert FIXED in result.output


def test_quote__example_months_are_as_sql_priced_them(book: House, tmp_path: Path) -> None:
    package = tmp_path / "p.yml"
    package.write_text(
        "package: quoted\nversion: 1\ntype: mixed\ntitle: {zh: 混合, en: mixed}\ncomponents:\n"
        "  - {kind: fixed, share: 0.8, price: 420}\n  - {kind: linked, share: rest, k: 1, fee: 8}\n"
    )
    inputs = tmp_path / "june.yml"
    inputs.write_text("month: 2026-06\ncases: [{case: june, q: 1000, ref: 400}]\n")
    for suffix in (".docx", ".pdf"):
        out = tmp_path / f"quotation{suffix}"
        result = _run("quote", package, "--customer", "鲁岳 <#1> 公司", "--inputs", inputs, "--out", out)
        assert result.exit_code == 0, result.output
        text = text_of(out)
        (total,) = _rows(
            book,
            "select * from marts_sales.sales_package_total where package_id = 'quoted' and case_id = :id"
            " order by run_id desc limit 1",
            "june",
        )
        assert total["total_cny"] == Decimal("417600.00")
        assert f"合计{total['quantity_mwh']}{total['total_cny']}" in text
        assert "2026年11月12日" in text  # the business date
        assert "鲁岳<#1>公司" in text
    inputs.write_text("month: 2026-06\ncases: [{case: june, q: 1000}]\n")
    result = _run("quote", package, "--customer", "x", "--inputs", inputs, "--out", tmp_path / "no.pdf")
    assert result.exit_code == 1
    assert "june lacks" in result.output
    assert not (tmp_path / "no.pdf").exists()

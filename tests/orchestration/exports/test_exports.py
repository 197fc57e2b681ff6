"""Export files: typed, complete, checkable, and equal bytes from equal data."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from ingestion.documents.language import Lang
from orchestration.exports.settlement import (
    Export,
    NotSettledError,
    UnknownCustomerError,
    Wish,
    export_month,
)
from orchestration.exports.statements import StatementError, read_statements
from tests.documents.reading import text_of
from tests.orchestration.exports.formulas import recalculated

MONTH = date(2026, 9, 1)
MARTS = Path(__file__).with_name("marts.sql")
TABLES = (
    "settlement_month", "settlement_margin", "settlement_line", "retail_statement", "retail_statement_line",
    "retail_statement_point", "income_statement", "grid_settlement", "reconciliation", "meter_reconciliation",
    "position_month", "deviation_attribution", "external_reconciliation", "dispute", "journal",
)  # fmt: skip
pytestmark = pytest.mark.integration


@pytest.fixture
def settled(engine: sa.Engine) -> sa.Engine:
    """A warehouse whose marts hold a small settled month (marts.sql)."""
    with engine.begin() as connection:
        connection.exec_driver_sql(MARTS.read_text(encoding="utf-8"))
    return engine


def _change(engine: sa.Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def _csv(export: Export, stem: str) -> list[dict[str, str]]:
    with (export.folder / f"{stem}.csv").open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _parquet(export: Export, stem: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(export.folder / f"{stem}.parquet").to_pylist()
    return found


def test_export__twice_gives_equal_bytes(settled: sa.Engine, tmp_path: Path) -> None:
    first = export_month(settled, MONTH, tmp_path / "a")
    second = export_month(settled, MONTH, tmp_path / "b")
    assert first.digest == second.digest
    assert len(first.files) == 2 * len(TABLES) + 2 * 3 + 3 + 1 + 3
    for left, right in zip(first.files, second.files, strict=True):
        assert left.relative_to(first.folder) == right.relative_to(second.folder)
        assert left.read_bytes() == right.read_bytes(), left.name


def test_export__checksums_and_manifest_are_those_of_the_files(settled: sa.Engine, tmp_path: Path) -> None:
    export = export_month(settled, MONTH, tmp_path, Wish("en"))
    lines = [line.split("  ") for line in (export.folder / "SHA256SUMS").read_text().splitlines()]
    listed = {name: checksum for checksum, name in lines}
    found = {
        path.relative_to(export.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in export.files
        if path.name != "SHA256SUMS"
    }
    assert listed == found
    manifest = json.loads((export.folder / "manifest.json").read_text(encoding="utf-8"))
    files = {entry["path"]: entry for entry in manifest["files"]}
    assert files.keys() == found.keys() - {"manifest.json"}
    for name, entry in files.items():
        assert entry["sha256"] == found[name]
        assert entry["bytes"] == (export.folder / name).stat().st_size
    assert files["settlement_line.csv"]["rows"] == 12
    assert files["statements/C1.xlsx"]["rows"] == files["statements/C1.pdf"]["rows"] == 5
    assert (manifest["month"], manifest["language"], manifest["runs"]) == ("2026-09", "en", ["7"])
    assert manifest["rule_packs"] == [
        {"province": "anhui", "hash": "p2"},
        {"province": "shandong", "hash": "p1"},
    ]
    assert manifest["notes"] == ["price; illustrative"]


def test_export__files_hold_what_the_marts_hold(settled: sa.Engine, tmp_path: Path) -> None:
    export = export_month(settled, MONTH, tmp_path, Wish("en"))
    lines = pq.read_table(export.folder / "settlement_line.parquet")
    with settled.connect() as connection:
        query = (
            "select sum(amount_cny) from marts_settlement.settlement_line where delivery_month = '2026-09-01'"
        )
        assert sum(lines.column("amount_cny").to_pylist()) == connection.scalar(sa.text(query))
    assert lines.schema.field("amount_cny").type.scale == 2
    page = openpyxl.load_workbook(export.folder / "settlement.xlsx")["Lines"]
    headings = [cell.value for cell in page[1]]
    amounts = [row[headings.index("Amount (CNY, incl. VAT)")].value for row in page.iter_rows(min_row=2)]
    texts = [row["Amount (CNY, incl. VAT)"] for row in _csv(export, "settlement_line")]
    assert [Decimal(text) for text in texts] == [Decimal(str(amount)) for amount in amounts]
    assert "40000.00" in texts


def test_export__columns_and_sides_that_came_later_are_there(settled: sa.Engine, tmp_path: Path) -> None:
    """marts.sql has recovery_cny and run_id, which no table of the export declares."""
    export = export_month(settled, MONTH, tmp_path)
    assert {row["结算批次"] for row in _csv(export, "settlement_line")} == {"7"}
    assert [row["偏差收益回收(元)"] for row in _csv(export, "settlement_month")] == ["40.00", "0.00"]
    assert not any("manager" in name for name in _csv(export, "settlement_margin")[0])
    total = _parquet(export, "income_statement")[0]
    assert (total["scope"], total["recovery_cny"], total["margin_cny"]) == (
        "total",
        Decimal("40.00"),
        Decimal("4160.00"),
    )


def test_export__control_totals_add_up_to_the_files(settled: sa.Engine, tmp_path: Path) -> None:
    export = export_month(settled, MONTH, tmp_path)
    with (export.folder / "control_totals.csv").open(encoding="utf-8", newline="") as handle:
        totals = {(row["table"], row["measure"]): row["value"] for row in csv.DictReader(handle)}
    assert {stem for stem, _ in totals} == set(TABLES)
    counted = {"income_statement": "total", "grid_settlement": "account", "deviation_attribution": "contract"}
    for stem in TABLES:
        rows = _parquet(export, stem)
        assert totals[stem, "rows"] == str(len(rows))
        kept = [row for row in rows if stem not in counted or row["scope"] == counted[stem]]
        for (name, measure), value in totals.items():
            if name == stem and measure != "rows":
                assert Decimal(value) == sum(row[measure] or 0 for row in kept), (stem, measure)


def test_income__every_scope_is_the_same_whole(settled: sa.Engine, tmp_path: Path) -> None:
    rows = _parquet(export_month(settled, MONTH, tmp_path), "income_statement")
    total = rows[0]
    for scope in ("province", "package", "channel", "customer", "contract"):
        part = [row for row in rows if row["scope"] == scope]
        for measure in ("energy_mwh", "retail_cny", "wholesale_cny", "margin_cny"):
            assert sum(row[measure] for row in part) == total[measure], (scope, measure)
    named = {(row["scope"], row["subject_id"]): row for row in rows}
    assert named["package", "pk"]["name_zh"] == "固定套餐"
    assert named["channel", "CH1"]["margin_cny"] == Decimal("4000.00")
    assert named["channel", "-"]["contracts"] == 2
    # 2,400 yuan over 180 MWh
    assert named["customer", "C1"]["margin_cny_per_mwh"] == Decimal("13.333")


def test_grid__accounts_add_up_to_their_province_and_all(settled: sa.Engine, tmp_path: Path) -> None:
    export = export_month(settled, MONTH, tmp_path, Wish("en"))
    rows = _parquet(export, "grid_settlement")
    found = {(row["scope"], row["province"], row["contract_id"], row["account_id"]): row for row in rows}
    assert found["account", "shandong", "K1", None]["other_cny"] == Decimal("100.00")
    assert found["account", "shandong", "K2", "A3"]["quantity_mwh"] == Decimal("30.000")
    shandong = found["province", "shandong", None, None]
    assert (shandong["quantity_mwh"], shandong["amount_cny"]) == (Decimal("220.000"), Decimal("87500.00"))
    assert found["total", None, None, None]["amount_cny"] == Decimal("99200.00")
    formulas = recalculated(export.folder / "reports.xlsx")
    assert [place for place, (stored, result) in formulas.items() if stored != result] == []
    assert any("Grid company settlement!" in place for place in formulas)
    assert "Luyue" in text_of(export.folder / "reports.pdf")


def test_reconciliation__names_what_differs(settled: sa.Engine, tmp_path: Path) -> None:
    rows = _parquet(export_month(settled, MONTH, tmp_path / "a"), "reconciliation")
    assert {row["result"] for row in rows} == {"agrees"}
    assert {(row["item"], row["subject"]) for row in rows} >= {
        ("lines_and_month", "recovery"),
        ("contracts_and_month", "margin"),
        ("billed_and_metered", "energy"),
    }
    _change(
        settled,
        "update marts_settlement.settlement_month set retail_cny = 11700.01 where province = 'anhui'",
    )
    _change(
        settled, "update marts_settlement.settlement_margin set energy_mwh = 30.001 where contract_id = 'K4'"
    )
    rows = _parquet(export_month(settled, MONTH, tmp_path / "b"), "reconciliation")
    differing = {(row["item"], row["province"], row["result"]) for row in rows if row["result"] != "agrees"}
    assert differing == {
        ("lines_and_month", "anhui", "differs"),
        ("contracts_and_month", "anhui", "differs"),
        ("billed_and_metered", "anhui", "within_rounding"),
    }


def test_disputes__are_told_in_the_language_with_their_deadlines(settled: sa.Engine, tmp_path: Path) -> None:
    export = export_month(settled, MONTH, tmp_path, Wish("zh"))
    (fine, quantity) = sorted(_csv(export, "dispute"), key=lambda row: row["金额差(元)"], reverse=True)
    assert (quantity["电量影响(元)"], quantity["异议截止日"]) == ("-800.00", "2026-10-14")
    assert (fine["费用项名称"], fine["毛利影响(元)"]) == ("考核费用", "-99.00")
    paper = text_of(export.folder / "reports.pdf")
    assert "期限已过" in paper
    assert "DW-1" in paper


def test_deviation__is_attributed_to_contracts(settled: sa.Engine, tmp_path: Path) -> None:
    rows = _parquet(export_month(settled, MONTH, tmp_path), "deviation_attribution")
    found = {(row["scope"], row["contract_id"] or row["province"]): row for row in rows}
    first, second = found["contract", "K1"], found["contract", "K2"]
    assert (first["deviation_mwh"], first["deviation_share_rate"]) == (Decimal("10.000"), Decimal("0.250000"))
    assert (second["deviation_rate"], second["deviation_share_rate"]) == (Decimal("-0.5"), Decimal("0.75"))
    assert found["contract", "K3"]["deviation_mwh"] is None
    assert first["deviation_fee_cny"] == Decimal("100.00")
    assert found["province", "shandong"]["deviation_mwh"] == Decimal("-20.000")


def test_journal__books_every_line_and_balances(settled: sa.Engine, tmp_path: Path) -> None:
    rows = _parquet(export_month(settled, MONTH, tmp_path), "journal")
    lines = {"r1", "r2", "r3", "r4", "r5", "r6", "r7", "w1", "w2", "v1", "v2", "i1"}
    assert {row["line_id"] for row in rows} == lines
    debit, credit = (sum(row[name] or 0 for row in rows) for name in ("debit_cny", "credit_cny"))
    assert debit == credit == Decimal("194280.00")
    owed = sum(
        (row["debit_cny"] or 0) - (row["credit_cny"] or 0) for row in rows if row["account_code"] == "1122"
    )
    assert owed == Decimal("99200.00")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_statement__files_say_what_sql_says(settled: sa.Engine, tmp_path: Path, lang: Lang) -> None:
    export = export_month(settled, MONTH, tmp_path, Wish(lang))
    assert export.statements == 6
    formulas = recalculated(export.folder / "statements" / "C1.xlsx")
    assert [place for place, (stored, result) in formulas.items() if stored != result] == []
    assert Decimal("71100.00") in {stored for stored, _ in formulas.values()}
    text = text_of(export.folder / "statements" / "C1.pdf")
    for wanted in ("71,100.00", "60,100.00", "62,920.36", "8,179.64", "K1", "K2", "MP-A3", "2026.2"):
        assert wanted in text
    assert ("鲁岳化工" if lang == "zh" else "Luyue") in text
    assert ("固定套餐" if lang == "zh" else "Fixed") in text
    assert ("山东" if lang == "zh" else "Shandong") in text


def test_statements__read_in_four_queries_however_many_there_are(settled: sa.Engine) -> None:
    queries: list[str] = []
    sa.event.listen(settled, "before_cursor_execute", lambda *given: queries.append(given[2]))
    with settled.connect() as connection:
        found = list(read_statements(connection, MONTH))
    assert [one.customer_id for one in found] == ["C1", "C2", "C3"]
    assert len(queries) == 4
    assert [line["line_id"] for line in found[0].contracts[0].stages[0].lines] == ["r1", "r2"]


def test_export__only_some_customers_leaves_the_months_export(settled: sa.Engine, tmp_path: Path) -> None:
    whole = export_month(settled, MONTH, tmp_path)
    some = export_month(settled, MONTH, tmp_path, Wish(customers=["C3", "C2"]))
    assert some.folder.name == "2026-09-selected"
    names = {path.relative_to(some.folder).as_posix() for path in some.files}
    assert {name for name in names if name.startswith("statements/")} == {
        "statements/C2.xlsx", "statements/C2.pdf", "statements/C3.xlsx", "statements/C3.pdf",
    }  # fmt: skip
    assert not {name for name in names if name.startswith(("journal", "income", "settlement", "reports"))}
    assert {row["customer_id"] for row in _parquet(some, "retail_statement_line")} == {"C2", "C3"}
    for name in ("statements/C2.xlsx", "statements/C3.pdf"):
        assert (some.folder / name).read_bytes() == (whole.folder / name).read_bytes()


def test_export__an_unknown_customer_is_refused_with_near_ones(settled: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(
        UnknownCustomerError, match=r"customer 'C9' has no statement of 2026-09; near matches: C"
    ):
        export_month(settled, MONTH, tmp_path, Wish(customers=["C1", "C9"]))
    assert list(tmp_path.iterdir()) == []


def test_export__marts_that_contradict_one_another_write_nothing(settled: sa.Engine, tmp_path: Path) -> None:
    before = export_month(settled, MONTH, tmp_path)
    _change(
        settled,
        "update marts_settlement.settlement_statement_contract set amount_cny = 1 where contract_id = 'K3'",
    )
    with pytest.raises(
        StatementError, match=r"contract K3: its lines add up to 16400\.00 yuan and its head says 1\.00"
    ):
        export_month(settled, MONTH, tmp_path)
    assert export_month(settled, MONTH, tmp_path, replace(Wish(), formats=["csv"])).folder == before.folder
    _change(settled, "delete from marts_settlement.settlement_statement_contract where contract_id = 'K3'")
    with pytest.raises(StatementError, match="customer C2: lines of 2026-09 without a contract"):
        export_month(settled, MONTH, tmp_path)


def test_export__a_blocked_month_says_what_is_missing(settled: sa.Engine, tmp_path: Path) -> None:
    _change(
        settled,
        "insert into marts_settlement.settlement_blocker values ('2026-07-01', 'price_missing',"
        " 'rt_unified', '2026-07-03', 17, 'rt_unified has no price for 2026-07-03 slot 17.', 'Deliver it.')",
    )
    with pytest.raises(NotSettledError, match=r"slot 17\. Remedy: Deliver it\."):
        export_month(settled, date(2026, 7, 1), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_export__replaces_an_earlier_one_whole(settled: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "2026-09").mkdir()
    (tmp_path / "2026-09" / "stale.csv").write_text("old")
    export_month(settled, MONTH, tmp_path)
    assert not (tmp_path / "2026-09" / "stale.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["2026-09"]

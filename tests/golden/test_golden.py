"""The golden cases of domain §3, §4.1 to §4.3, §4.6 and §6, from files to marts."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from rich.console import Console
from typer.testing import CliRunner

from ingestion.contract_templates import land_packages, read_packages
from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from orchestration.cli import app
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows, settle

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "cases").iterdir() if path.is_dir())
MONTH = date(2026, 2, 1)
LINES = """
    select * from marts_settlement.settlement_line
    where province = :province and side = :side
"""
CONTRACT_LINES = """
    select * from marts_settlement.settlement_line
    where province = :province and contract_id is not null
"""
GRID = {
    "grid_lines": """
        select bill || ' ' || component || ' ' || item || ' ' || tou_period as name, lines.*
        from marts_settlement.settlement_grid_bill_line as lines where province = :province
    """,
    "grid_bills": """
        select bill as name, bills.* from marts_settlement.settlement_grid_bill as bills
        where province = :province
    """,
    "grid_comparison": """
        select '' as name, compared.* from marts_settlement.settlement_grid_comparison as compared
        where province = :province
    """,
}
STATEMENTS = {
    "reconciliation": "select * from marts_settlement.settlement_reconciliation where province = :province",
    "disputes": "select * from marts_settlement.settlement_dispute where province = :province",
}

pytestmark = pytest.mark.integration


@pytest.fixture
def settled(warehouse: Warehouse, dbt_target: Path) -> Warehouse:
    """All cases, landed and settled in one pass."""
    load_packs(warehouse.admin, [HERE / "packs"])
    land_packages(warehouse.admin, read_packages(sorted((HERE / "cases").rglob("package_*.yml")), []))
    reports = ingest_paths(warehouse.admin, sorted((HERE / "cases").rglob("*.csv")))
    refused = [refusal.message for report in reports for refusal in report.refusals]
    assert not refused
    settle(warehouse, dbt_target, date(2026, 3, 10), {case.name: [MONTH] for case in CASES})
    return warehouse


def test_golden_cases__come_out_of_the_whole_pipeline(
    settled: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = settled.admin
    blockers = rows(engine, "select province, message from marts_settlement.settlement_blocker")
    assert blockers == []
    for case in CASES:
        expected = yaml.safe_load((case / "expected.yml").read_text(encoding="utf-8"))
        _check_lines(engine, case.name, "retail", "tou_period", expected.pop("retail_lines", {}))
        for side in ("wholesale", "recovery", "operation"):
            _check_lines(engine, case.name, side, "component", expected.pop(f"{side}_lines", {}))
        _check_contracts(engine, case.name, expected.pop("contracts", {}))
        _check_register(engine, case.name, expected.pop("register_check", {}))
        _check_grid(engine, case.name, expected)
        _check_statements(engine, case.name, expected)
        (month,) = rows(
            engine, "select * from marts_settlement.settlement_month where province = :p", p=case.name
        )
        assert expected, f"{case.name} expects nothing of its month"
        assert _plain(month, expected) == expected, case.name
    _check_printed_bill(settled, monkeypatch)
    _check_printed_reconciliation(settled, monkeypatch)


def _check_lines(
    engine: sa.Engine, province: str, side: str, key: str, expected: dict[str, dict[str, str]]
) -> None:
    found = {row[key]: row for row in rows(engine, LINES, province=province, side=side)}
    if expected:
        assert found.keys() == expected.keys(), province
    for name, line in expected.items():
        assert _plain(found[name], line) == line, (province, name)


def _check_contracts(engine: sa.Engine, province: str, expected: dict[str, list[dict[str, Any]]]) -> None:
    """Every line of every contract: its side (retail where none is named), account and numbers."""
    if not expected:
        return
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(engine, CONTRACT_LINES, province=province):
        found.setdefault(row["contract_id"].removeprefix(f"{province}-"), []).append(row)
    assert found.keys() == expected.keys()
    for contract, lines in expected.items():
        wanted = [{"side": "retail"} | line for line in lines]
        for line in wanted:
            if account := line.pop("account", None):
                line["account_id"] = f"{province}-{contract}-{account}"
        assert len(found[contract]) == len(wanted), (contract, found[contract])
        for line in wanted:
            same = [row for row in found[contract] if _plain(row, line) == line]
            assert len(same) == 1, (contract, line, found[contract])


def _check_register(engine: sa.Engine, province: str, expected: dict[str, Any]) -> None:
    if expected:
        query = "select * from marts_energy.energy_register_check where metering_point_id = :point"
        (check,) = rows(engine, query, point=f"{province}-point")
        assert _plain(check, expected) == expected


def _check_grid(engine: sa.Engine, province: str, expected: dict[str, Any]) -> None:
    """The lines and totals of both grid bills, and their comparison."""
    wanted = {name: expected.pop(name, {}) for name in ("grid_lines", "grid_bills", "grid_comparison")}
    for name, query in GRID.items():
        found = {row["name"]: row for row in rows(engine, query, province=province)}
        lines = {"": wanted[name]} if name == "grid_comparison" and wanted[name] else wanted[name]
        if lines:
            assert found.keys() == lines.keys(), (province, name)
        for key, line in lines.items():
            assert _plain(found[key], line) == line, (province, name, key)


def _check_statements(engine: sa.Engine, province: str, expected: dict[str, Any]) -> None:
    """The differences with the statements by component, and the disputes with their deadlines."""
    for name, query in STATEMENTS.items():
        found = {row["component"]: row for row in rows(engine, query, province=province)}
        wanted = expected.pop(name, {})
        assert found.keys() == wanted.keys(), (province, name)
        for key, line in wanted.items():
            assert _plain(found[key], line) == line, (province, name, key)


def _check_printed_reconciliation(settled: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """``wattledger reconcile`` prints what the marts hold, or why there is nothing."""
    monkeypatch.setattr("orchestration.commands.reconcile.house", lambda: settled)
    monkeypatch.setattr("orchestration.commands.reconcile.OUT", Console(width=250))
    asked = ["reconcile", "--month", "2026-02", "--province", "golden_recovery_month"]
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert found["not_delivered"] == []
    assert {(row["party"], row["result"]): row["lines"] for row in found["summary"]} == {
        ("grid_company", "price"): 1,
        ("trading_centre", "agrees"): 4,
        ("trading_centre", "within_tolerance"): 1,
        ("trading_centre", "quantity"): 1,
        ("trading_centre", "price"): 1,
        ("trading_centre", "rule"): 1,
        ("trading_centre", "missing_ours"): 1,
        ("trading_centre", "missing_theirs"): 1,
    }
    assert [row["component"] for row in found["disputes"]][:2] == ["energy", "mlt_difference"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0
    assert "objection_lapsed" in done.stdout
    assert "2026-03-27" in done.stdout

    for options, why in (
        (["--month", "2026-02", "--province", "golden_fixed"], "no statement of 2026-02 of golden_fixed was"),
        (["--month", "2026-02", "--province", "nowhere"], "settled are: golden_balance_free"),
        (["--month", "2026-04"], "2026-04 is not settled"),
    ):
        refused = CliRunner().invoke(app, ["reconcile", *options])
        assert refused.exit_code == 1
        assert why in refused.stderr


def _check_printed_bill(settled: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """``wattledger grid-bill`` prints what the marts hold, or why there is nothing."""
    monkeypatch.setattr("orchestration.commands.grid_bill.house", lambda: settled)
    monkeypatch.setattr("orchestration.commands.grid_bill.OUT", Console(width=200))
    asked = ["grid-bill", "golden_grid-account", "--month", "2026-02"]
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert [(bill["bill"], bill["amount_cny"]) for bill in found["bills"]] == [
        ("agency", "379270.33"),
        ("market", "367548.71"),
    ]
    for bill in found["bills"]:
        amounts = [Decimal(line["amount_cny"]) for line in bill["lines"]]
        assert sum(amounts) == Decimal(bill["amount_cny"])
    assert found["comparison"]["saving_cny"] == "11721.62"
    printed = CliRunner().invoke(app, asked).stdout
    assert "basic_charge" in printed
    assert "saving 11721.62 yuan, 0.023443 yuan/kWh" in printed

    refused = CliRunner().invoke(app, ["grid-bill", "golden_fixed-account", "--month", "2026-02"])
    assert refused.exit_code == 1
    assert "no energy price of golden_fixed was published for 2026-02; deliver it in" in refused.stderr
    for account, month, why in (
        (
            "golden_grid-account",
            "2026-03",
            "it has those of 2026-02; run `wattledger settle --month 2026-03`",
        ),
        ("nobody", "2026-02", "check its number"),
    ):
        refused = CliRunner().invoke(app, ["grid-bill", account, "--month", month])
        assert refused.exit_code == 1
        assert why in refused.stderr


def _plain(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The wanted columns; decimals as printed."""
    return {name: str(row[name]) if isinstance(row[name], Decimal) else row[name] for name in wanted}

"""Every worked number of domain §3: packages from their files through `package price`, all in one pass."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml

from ingestion.contract_templates import Case, read_cases, read_packages
from orchestration.pricing import SELECTION, Priced, price_cases, read_priced
from orchestration.runs import BusinessDay
from orchestration.warehouse import Warehouse
from tests.dbt.warm import run_warm

FOLDERS = sorted(path for path in (Path(__file__).parent / "packages").iterdir() if path.is_dir())
TODAY = BusinessDay.pinned(date(2026, 7, 10))

pytestmark = pytest.mark.integration


def cases_of(folder: Path) -> list[Case]:
    """The cases of one row of domain §3."""
    return read_cases(folder / "inputs.yml", read_packages(sorted(folder.glob("package_*.yml")), []))


@pytest.fixture
def priced(warehouse: Warehouse, dbt_target: Path) -> Priced:
    """All cases of all folders, priced in one run."""
    cases = [case for folder in FOLDERS for case in cases_of(folder)]
    return price_cases(warehouse, dbt_target, TODAY, cases, _nobody_waits)


def test_golden_packages__come_out_of_one_pass(
    priced: Priced, warehouse: Warehouse, dbt_target: Path
) -> None:
    totals = {total["case_id"]: total for total in priced.totals}
    expected: dict[str, Any] = {}
    for folder in FOLDERS:
        expected |= yaml.safe_load((folder / "expected.yml").read_text(encoding="utf-8"))
    assert totals.keys() == expected.keys()
    for case_id, wanted in expected.items():
        lines = wanted.pop("lines", {})
        assert _plain(totals[case_id], wanted) == wanted, case_id
        found = {_name(line): line for line in priced.lines_of(case_id)}
        for name, line in lines.items():
            assert _plain(found[name], line) == line, (case_id, name)
    _totals_add_lines(priced)
    # marts made anew price every run again, and alike
    again = ["run", "--quiet", "--full-refresh", *SELECTION]
    run_warm(again, url=warehouse.url("wl_transform"), target=dbt_target)
    assert read_priced(warehouse.admin, priced.run_id) == priced


def _totals_add_lines(priced: Priced) -> None:
    """Σ components = total, to the fen; a blocked case has no total."""
    for total in priced.totals:
        amounts = [line["amount_cny"] for line in priced.lines_of(total["case_id"])]
        assert total["total_cny"] == (None if None in amounts else sum(amounts)), total["case_id"]


def _name(line: dict[str, Any]) -> str:
    period = line["line_period"]
    return str(line["component_id"]) if period == "all" else f"{line['component_id']}/{period}"


def _plain(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The wanted columns; decimals as printed."""
    return {name: str(row[name]) if isinstance(row[name], Decimal) else row[name] for name in wanted}


def _nobody_waits(message: str) -> NoReturn:
    raise AssertionError(f"a test's warehouse has no second writer: {message}")

"""What-if on settled warehouses: by hand on the golden retailers, and the laws on random ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa

from ingestion.contract_templates import Package, read_cases, read_packages
from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from orchestration.runs import BusinessDay
from orchestration.transform import target_folder
from orchestration.warehouse import Warehouse
from orchestration.what_if import Ask, WhatIfError, what_if
from orchestration.what_if_report import WhatIf, read_what_if
from tests.conftest import Demo
from tests.dbt.deliveries import thousandths, write_pack, write_retailer
from tests.dbt.pipeline import rows, settle
from tests.dbt.retailer import Contract, random_retailer

pytestmark = pytest.mark.integration
GOLDEN = Path(__file__).parents[1] / "golden"
MONTH = date(2026, 2, 1)
TODAY = BusinessDay.pinned(date(2026, 3, 10))
NAMES = ("golden_fixed", "golden_tou")
HEAD = "package: what_if\nversion: 1\ntype: any\ntitle: {zh: 试算, en: what if}\ncomponents:\n"


@pytest.fixture
def dbt_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's target folder; one for the session, so that dbt parses once."""
    return tmp_path_factory.getbasetemp() / "dbt_target"


@pytest.fixture
def golden(warehouse: Warehouse, dbt_target: Path, tmp_path: Path) -> Warehouse:
    """Two golden retailers of one contract each, settled; a quantity is agreed with the first one."""
    load_packs(warehouse.admin, [GOLDEN / "packs"])
    agreed = tmp_path / "contract_quantity-a.csv"
    agreed.write_text(
        "contract_id,delivery_month,quantity_mwh\n"
        "golden_fixed-contract,2026-02,900\ngolden_fixed-contract,2026-03,900\n"
    )
    files = [path for name in NAMES for path in sorted((GOLDEN / "cases" / name).glob("*.csv"))]
    reports = ingest_paths(warehouse.admin, [*files, agreed])
    assert [refusal.message for report in reports for refusal in report.refusals] == []
    settle(warehouse, dbt_target, TODAY.day, {name: [MONTH] for name in NAMES})
    return warehouse


class Desk:
    """Asks what-ifs of one warehouse."""

    def __init__(self, warehouse: Warehouse, target: Path, folder: Path) -> None:
        self.warehouse, self.target, self.folder = warehouse, target, folder

    def package(self, components: str) -> Package:
        """A package of no province."""
        path = self.folder / "what_if.yml"
        path.write_text(HEAD + components, encoding="utf-8")
        (package,) = read_packages([path], [])
        return package

    def ask(self, ask: Ask) -> WhatIf:
        """Price, compare and read back."""
        run_id = what_if(self.warehouse, self.target, TODAY, ask, _nobody_waits)
        return read_what_if(self.warehouse.admin, run_id)


def _nobody_waits(message: str) -> NoReturn:
    raise AssertionError(f"a test's warehouse has no second writer: {message}")


def _months(found: WhatIf, *names: str) -> dict[str, tuple[str, ...]]:
    """contract and month to the named columns as printed."""
    return {month["case_id"]: tuple(str(month[name]) for name in names) for month in found.months}


COMPARED = ("now_cny", "what_if_cny", "difference_cny", "gains", "margin_now_cny", "margin_then_cny")


def test_what_if__by_hand(golden: Warehouse, dbt_target: Path, tmp_path: Path) -> None:
    """1,000 MWh each: 40 slots of 25 MWh on one day at 430 real-time; settled at 420.00 and 432.50 a MWh."""
    desk = Desk(golden, dbt_target, tmp_path)
    # time of use at 560/410/260: the fixed contract's slots are all known by period
    tou = desk.package("  - {kind: tou, price: {peak: 560, flat: 410, valley: 260}}\n")
    found = desk.ask(Ask(tou, MONTH, MONTH))
    fixed, periods = "golden_fixed-contract/2026-02", "golden_tou-contract/2026-02"
    assert _months(found, *COMPARED)[periods][:4] == ("432500.00", "432500.00", "0.00", "equal")
    # all day is flat where the fixed contract is: 1,000 x 410
    assert _months(found, *COMPARED)[fixed][:4] == ("420000.00", "410000.00", "-10000.00", "customer")
    _linked(desk, fixed, periods)
    _deviation_and_precedence(desk, fixed, periods)
    _blocked(desk, fixed)
    _strangers(desk)


def _linked(desk: Desk, fixed: str, periods: str) -> None:
    """W of the reference (real-time) 430 and a fee of 1.5: 431,500; the purchase mean is in neither."""
    linked = desk.package("  - {kind: linked, k: 1, fee: 1.5}\n")
    found = desk.ask(Ask(linked, MONTH, MONTH, options={"ref": "rt_unified"}))
    months = _months(found, *COMPARED)
    # 1,000 MWh at 430 real-time and no position: the wholesale side is 430,000
    assert months[fixed] == ("420000.00", "431500.00", "11500.00", "retailer", "-10000.00", "1500.00")
    assert months[periods][:4] == ("432500.00", "431500.00", "-1000.00", "customer")
    for row in found.months:
        assert row["margin_then_cny"] - row["margin_now_cny"] == row["difference_cny"]
        assert "ref series" in row["inputs_from"]
        assert "q warehouse" in row["inputs_from"]
    assert [row["contract_id"] for row in found.contracts] == ["golden_tou-contract", "golden_fixed-contract"]
    total = {name: str(value) for name, value in found.total.items()}
    assert (total["customers_gain"], total["customers_gain_cny"]) == ("1", "-1000.00")
    assert (total["retailer_gains"], total["retailer_gains_cny"], total["equal"]) == ("1", "11500.00", "0")
    assert total["difference_cny"] == "10500.00"
    assert found.scope == {"settled_components": "energy", "priced_stages": "energy"}


def _deviation_and_precedence(desk: Desk, fixed: str, periods: str) -> None:
    """100 MWh above 900 less a band of 5 %: 55 at 20 = 1,100; base from the option, one from the file."""
    clause = desk.package("  - {kind: spread, d: 45}\n  - {kind: deviation, up_band: 0.05, up_price: 20}\n")
    given = desk.folder / "given.yml"
    given.write_text(
        "cases:\n  - {case: golden_tou-contract, month: 2026-02, base: 470, contract_q: 1000}\n",
        encoding="utf-8",
    )
    cases = tuple(read_cases(given, [clause], by_month=True))
    found = desk.ask(Ask(clause, MONTH, MONTH, given=cases, options={"base": Decimal(453)}))
    months = _months(found, "what_if_cny", "inputs_from")
    assert months[fixed] == ("409100.00", "base option, contract_q warehouse, cost warehouse, q warehouse")
    assert months[periods] == ("425000.00", "base file, contract_q file, cost warehouse, q warehouse")
    assert found.scope["priced_stages"] == "deviation, energy"


def _blocked(desk: Desk, fixed: str) -> None:
    """What nobody knows is named per contract and month, and nothing counts as 0."""
    spread = desk.package("  - {kind: spread, d: 45}\n")
    found = desk.ask(Ask(spread, MONTH, date(2026, 3, 1), contracts=("golden_fixed-contract",)))
    months = _months(found, "what_if_status", "blocked_by", "what_if_cny", "gains")
    assert months == {
        fixed: ("blocked", "lacks base", "None", "None"),
        "golden_fixed-contract/2026-03": (
            "blocked",
            "the month is not settled; lacks q, base",
            "None",
            "None",
        ),
    }
    assert len(found.blocked) == 2
    assert found.contracts == ()
    assert found.total["contracts"] == 0


def _strangers(desk: Desk) -> None:
    package = desk.package("  - {kind: linked, k: 1}\n")
    for ask, message in (
        (Ask(package, MONTH, MONTH, contracts=("nobody",)), "contract nobody has neither energy"),
        (Ask(package, MONTH, MONTH, customers=("nobody",)), "customer nobody has neither energy"),
        (Ask(package, MONTH, MONTH, province="nowhere"), "no contract has energy"),
        (Ask(package, MONTH, MONTH, options={"ref": "rt_unifid"}), "no market series rt_unifid; there are"),
    ):
        with pytest.raises(WhatIfError, match=message):
            desk.ask(ask)


def test_what_if__needs_marts(warehouse: Warehouse, dbt_target: Path, tmp_path: Path) -> None:
    desk = Desk(warehouse, dbt_target, tmp_path)
    with pytest.raises(WhatIfError, match=r"nothing is settled here yet\. Remedy: wattledger settle"):
        desk.ask(Ask(desk.package("  - {kind: fixed, price: 420}\n"), MONTH, MONTH))


def _own_terms(contract: Contract) -> str:
    """The contract's own prices as a package."""
    if contract.package_type == "fixed":
        return f"  - {{kind: fixed, price: {thousandths(contract.prices['all'])}}}\n"
    prices = ", ".join(f"{period}: {thousandths(price)}" for period, price in contract.prices.items())
    return f"  - {{kind: tou, price: {{{prices}}}}}\n"


def test_what_if__under_its_own_terms_nothing_changes(
    warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    """Contracts of several accounts, each rounded on its own: the difference is 0 to the fen all the same."""
    retailer = random_retailer(20260201, "law_same", "difference", "rt_unified")
    write_retailer(tmp_path / "files", retailer)
    write_pack(tmp_path / "packs", retailer)
    load_packs(warehouse.admin, [tmp_path / "packs"])
    reports = ingest_paths(warehouse.admin, [tmp_path / "files"])
    assert [refusal.message for report in reports for refusal in report.refusals] == []
    settle(warehouse, dbt_target, TODAY.day, {retailer.province: [MONTH]})
    desk = Desk(warehouse, dbt_target, tmp_path)
    assert {contract.package_type for contract in retailer.contracts} == {"fixed", "tou_fixed"}
    for contract in retailer.contracts:
        package = desk.package(_own_terms(contract))
        (month,) = desk.ask(Ask(package, MONTH, MONTH, contracts=(contract.contract_id,))).months
        assert (month["difference_cny"], month["gains"]) == (Decimal("0.00"), "equal"), month
    _divisions_add_up(warehouse.admin)


def _divisions_add_up(engine: sa.Engine) -> None:
    """However a package divides the energy, it is the billed energy."""
    query = """
        select contract_id, division, sum(input_value) as mwh from marts_sales.sales_pricing_input
        where name in ('q', 'hour_q') group by 1, 2
    """
    twice = """
        select 1 from marts_sales.sales_pricing_input
        group by contract_id, delivery_month, name, division, period, account_id having count(*) > 1
    """
    assert rows(engine, twice) == []
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows(engine, query):
        found.setdefault(row["contract_id"], {})[row["division"]] = row["mwh"]
    assert found
    for divisions in found.values():
        assert divisions.keys() == {"none", "tou", "hour_of_day", "hour"}
        assert divisions["tou"] == divisions["hour_of_day"] == divisions["none"]
        # hours of the month are the contract's, rounded once; the bill rounds once per account
        assert abs(divisions["hour"] - divisions["none"]) <= Decimal("0.001")


@pytest.mark.parametrize("package_type", ["fixed", "tou_fixed"])
def test_what_if__the_samples_contracts_under_their_own_terms(
    demo: Demo, tmp_path: Path, package_type: str
) -> None:
    """Two settled months of the sample's contract with the most accounts: 0 to the fen in each."""
    warehouse = demo.house.warehouse
    largest = """
        select contract_id from marts_settlement.settlement_line join staging.stg_contract using (contract_id)
        where settlement_line.province = 'shandong' and side = 'retail' and package_type = :package_type
            and delivery_month in ('2026-09-01', '2026-10-01')
        group by 1 having count(distinct delivery_month) = 2 and count(reason_code) = 0
        order by count(distinct account_id) desc, 1 limit 1
    """
    (found,) = rows(warehouse.admin, largest, package_type=package_type)
    prices = (
        "select period, price_cny_per_mwh from staging.stg_contract_price where contract_id = :contract_id"
    )
    terms = {
        row["period"]: int(row["price_cny_per_mwh"] * 1000) for row in rows(warehouse.admin, prices, **found)
    }
    desk = Desk(warehouse, target_folder(demo.house.home), tmp_path)
    package = desk.package(_own_terms(Contract(found["contract_id"], package_type, terms, [])))
    asked = Ask(package, date(2026, 9, 1), date(2026, 10, 1), contracts=(found["contract_id"],))
    told = desk.ask(asked)
    assert [str(month["difference_cny"]) for month in told.months] == ["0.00", "0.00"], told.months
    assert str(told.total["difference_cny"]) == "0.00"

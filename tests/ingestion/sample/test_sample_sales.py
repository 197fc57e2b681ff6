"""The sample's contract book: lives that the state machine allows, and money that fits the contracts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from ingestion.lifecycle.contract import CONTRACT
from ingestion.lifecycle.judging import Step, judge
from ingestion.lifecycle.machine import NONE
from ingestion.readers import read_csv, read_workbook
from ingestion.sample.config import BUSINESS_ON
from ingestion.sample.writer import Delivery

Row = dict[str, str]


def rows(deliveries: list[Delivery], feed: str) -> list[Row]:
    """Every record of a feed, as its header names it, in the order of delivery."""
    found: list[Row] = []
    for delivery in deliveries:
        table = None
        if delivery.file_name.endswith(".xlsx"):
            table = read_workbook(delivery.content).get(feed)
        elif delivery.file_name.startswith(f"{feed}-"):
            table = read_csv(delivery.content)
        if table is not None:
            found += [dict(zip(table.header, cells, strict=True)) for cells in table.cells.tolist()]
    return found


def lives(deliveries: list[Delivery]) -> dict[str, list[Step]]:
    """Steps of each contract, in the order of delivery."""
    found: dict[str, list[Step]] = defaultdict(list)
    for line, row in enumerate(rows(deliveries, "contract_event"), start=2):
        step = Step(int(row["event_no"]), row["event"], date.fromisoformat(row["happened_on"][:10]), line)
        found[row["contract_id"]].append(step)
    return found


def test_events__every_contract_has_a_legal_life_delivered_in_order(deliveries: list[Delivery]) -> None:
    found = lives(deliveries)
    assert set(found) == {row["contract_id"] for row in rows(deliveries, "contract")}
    states: Counter[str] = Counter()
    for contract_id, steps in found.items():
        assert judge(CONTRACT, contract_id, [], steps) == {}
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))
        state = NONE
        for step in steps:
            state = CONTRACT.after(state, step.event) or NONE
        states[state] += 1
        assert steps[-1].moment <= BUSINESS_ON
    assert set(states) == {state.code for state in CONTRACT.states}


def test_versions__every_contract_names_its_package(deliveries: list[Delivery]) -> None:
    versions = rows(deliveries, "contract_version")
    contracts = {row["contract_id"] for row in rows(deliveries, "contract")}
    plain = {name for name in contracts if name.startswith("AH25")}  # one price each, without a package
    assert len(plain) == 3
    assert {row["contract_id"] for row in versions if row["version_no"] == "1"} == contracts - plain
    packages = {"sample_fixed", "sample_tou", "sample_mixed", "sample_linked", "sample_share"}
    packages |= {"sample_composite", "sample_composite_market"}
    assert {row["package_id"] for row in versions} == packages
    assert {row["package_version"] for row in versions} == {"1"}


def test_contracts__some_end_within_each_renewal_level(deliveries: list[Delivery]) -> None:
    ends = [date.fromisoformat(row["effective_to"][:10]) for row in rows(deliveries, "contract")]
    left = [(end - BUSINESS_ON).days for end in ends]
    for low, high in ((0, 30), (31, 60), (61, 90)):
        assert any(low <= days <= high for days in left)


def test_receipts__belong_to_invoices_and_some_are_missing(deliveries: list[Delivery]) -> None:
    invoices = {row["invoice_id"]: row for row in rows(deliveries, "invoice")}
    receipts = rows(deliveries, "receipt")
    paid: Counter[str] = Counter()
    for row in receipts:
        assert row["invoice_id"] in invoices
        paid[row["invoice_id"]] += int(Decimal(row["amount_cny"]) * 100)
    due = {key: row for key, row in invoices.items() if date.fromisoformat(row["due_on"]) < BUSINESS_ON}
    open_fen = {key: int(Decimal(row["amount_cny"]) * 100) - paid[key] for key, row in due.items()}
    assert min(open_fen.values()) == 0
    assert sum(fen > 0 for fen in open_fen.values()) >= 3


def test_plans__margin_is_revenue_less_purchase(deliveries: list[Delivery]) -> None:
    plans = rows(deliveries, "contract_plan")
    assert len(plans) > 400
    for row in plans:
        assert Decimal(row["revenue_cny"]) - Decimal(row["purchase_cny"]) == Decimal(row["margin_cny"])

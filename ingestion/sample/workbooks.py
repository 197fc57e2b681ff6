"""The retailer's own workbooks: customers (customer, account, metering_point) and contracts.

The books of the start are known on 2025-12-28; later ones carry only what is new: the customer that signs in
March, the renewal of October, and in November the second site, whose contract is not yet in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from ingestion.sample.config import CUT_AT, FIRST_ON, PROVINCE, SOURCE_CRM, at
from ingestion.sample.contracts import RENEWAL_FROM, Contract
from ingestion.sample.deviations import clause_sheet
from ingestion.sample.points import Point
from ingestion.sample.quantities import ANNUAL_ONLY
from ingestion.sample.roster import PACKAGES_BESIDE
from ingestion.sample.writer import Cell, Delivery, Sheet, xlsx_bytes

START_KNOWN = at(date(2025, 12, 28), 16)
NEWCOMER_KNOWN = at(date(2026, 3, 25), 17)
RENEWAL_KNOWN = at(date(2026, 10, 20), 17)
SECOND_SITE_KNOWN = at(date(2026, 11, 3), 10)


def workbook_deliveries(points: list[Point], contracts: list[Contract]) -> Iterator[Delivery]:
    """Give every workbook known by the cut."""
    yield _book("customers", START_KNOWN, customer_sheets([p for p in points if p.from_on == FIRST_ON]))
    yield _book("contracts", START_KNOWN, contract_sheets([c for c in contracts if c.from_on == FIRST_ON]))
    yield _book("contract-deviations", START_KNOWN, {"contract_deviation": clause_sheet(contracts)})
    joined = [p for p in points if p.from_on > FIRST_ON and p.account_id.endswith("01")]
    newcomers = {p.customer.customer_id for p in joined}
    yield _book("customers-2026-03", NEWCOMER_KNOWN, customer_sheets(joined))
    theirs = [c for c in contracts if c.customer.customer_id in newcomers]
    yield _book("contracts-2026-03", NEWCOMER_KNOWN, contract_sheets(theirs))
    renewed = [c for c in contracts if c.from_on == RENEWAL_FROM]
    yield _book("contracts-2026-10", RENEWAL_KNOWN, contract_sheets(renewed))
    second = customer_sheets([p for p in points if p.account_id.endswith("02")])
    del second["customer"]
    yield _book("customers-2026-11", SECOND_SITE_KNOWN, second)


def _book(stem: str, known_at: datetime, sheets: dict[str, Sheet]) -> Delivery:
    if known_at > CUT_AT:
        raise ValueError(f"{stem}.xlsx: known at {known_at}, after the cut {CUT_AT}")
    return Delivery(f"{stem}.xlsx", known_at, SOURCE_CRM, xlsx_bytes(sheets))


def customer_sheets(points: list[Point]) -> dict[str, Sheet]:
    """Customers, accounts and metering points, a sheet each."""
    customers: list[list[Cell]] = [
        [p.customer.customer_id, p.from_on, p.customer.name, p.customer.name_en, p.customer.industry,
         p.customer.manager, None] for p in points
    ]  # fmt: skip
    accounts: list[list[Cell]] = [
        [p.account_id, p.from_on, p.customer.customer_id, p.voltage_level, p.tariff_class, p.capacity_kva,
         Decimal(p.pf_standard), None] for p in points
    ]  # fmt: skip
    metering: list[list[Cell]] = [
        [p.metering_point_id, p.from_on, p.account_id, p.meter_id, p.ct_ratio, p.pt_ratio, p.net_rule, None]
        for p in points
    ]
    return {
        "customer": (["customer_id", "effective_from", "customer_name", "customer_name_en", "industry",
                      "manager_username", "effective_to"], customers),
        "account": (["account_id", "effective_from", "customer_id", "voltage_level", "tariff_class",
                     "capacity_kva", "pf_standard", "effective_to"], accounts),
        "metering_point": (["metering_point_id", "effective_from", "account_id", "meter_id", "ct_ratio",
                            "pt_ratio", "net_rule", "effective_to"], metering),
    }  # fmt: skip


def contract_sheets(contracts: list[Contract], province: str = PROVINCE) -> dict[str, Sheet]:
    """Contracts with their accounts, agreed prices and monthly quantities, a sheet each."""
    heads: list[list[Cell]] = [
        [c.contract_id, c.customer.customer_id, province, c.customer.package, c.signed_on, c.from_on, c.to_on,
         c.sales_channel] for c in contracts
    ]  # fmt: skip
    accounts: list[list[Cell]] = [[c.contract_id, c.account_id, c.from_on, c.to_on] for c in contracts]
    prices: list[list[Cell]] = [
        [c.contract_id, "energy", period, Decimal(price) / 1000]
        for c in contracts
        if c.customer.number not in PACKAGES_BESIDE
        for period, price in c.prices.items()
    ]
    quantities: list[list[Cell]] = [
        [c.contract_id, f"{c.from_on.year}-{month:02d}", mwh]
        for c in contracts
        if c.customer.number not in ANNUAL_ONLY
        for month, mwh in c.quantity_mwh.items()
    ]
    return {
        "contract": (["contract_id", "customer_id", "province", "package_type", "signed_on", "effective_from",
                      "effective_to", "sales_channel"], heads),
        "contract_account": (["contract_id", "account_id", "effective_from", "effective_to"], accounts),
        "contract_price": (["contract_id", "component", "period", "price_cny_per_mwh"], prices),
        "contract_quantity": (["contract_id", "delivery_month", "quantity_mwh"], quantities),
    }  # fmt: skip

"""Shandong before the sample's year: November and December 2025 of two customers, taken over as history.

Made up like the rest; what their meters say is described in span.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ingestion.sample.config import PRIOR_ON, PROVINCE, SOURCE_CRM, at
from ingestion.sample.contracts import Contract
from ingestion.sample.monthly import Part, part_deliveries
from ingestion.sample.points import Point
from ingestion.sample.span import all_days_of, energy_on
from ingestion.sample.trading_centre import Prices
from ingestion.sample.workbooks import START_KNOWN, contract_sheets, customer_sheets
from ingestion.sample.writer import Delivery, xlsx_bytes

CUSTOMERS_BEFORE = (2, 9)
"""Customers whose contracts of 2025 ran to the year's end."""
MONTHS_BEFORE = (PRIOR_ON, date(2025, 12, 1))
SELLER = "华岱发电有限公司"
_CUSTOMERS_KNOWN = at(date(2025, 10, 28), 16)
_DEARER_MILLI = 5_000


def prior_part(points: list[Point], contracts: list[Contract], prices: Prices) -> Part:
    """Give the two customers' accounts and contracts of 2025."""
    before = [
        replace(point, from_on=PRIOR_ON) for point in points if point.customer.number in CUSTOMERS_BEFORE
        and point.account_id.endswith("01")
    ]  # fmt: skip
    following = {contract.customer.number: contract for contract in contracts}
    past = [contract_before(point, following[point.customer.number]) for point in before]
    return Part(PROVINCE, "history", "SD", SELLER, MONTHS_BEFORE, before, past, prices)


def contract_before(point: Point, following: Contract) -> Contract:
    """Give the contract of 2025 as far as its account came to the retailer: a bit dearer, planned as used."""
    return replace(
        following,
        contract_id=f"SD25-{point.customer.number:03d}-1",
        signed_on=date(2024, 12, 12),
        from_on=PRIOR_ON,
        to_on=date(2025, 12, 31),
        prices={period: price + _DEARER_MILLI for period, price in following.prices.items()},
        quantity_mwh=planned_as_used(point, MONTHS_BEFORE),
    )


def planned_as_used(point: Point, months: tuple[date, ...]) -> dict[int, int]:
    """Plan whole MWh by month of the year, off by the customer's bias."""
    per_mille = 1000 + round(point.customer.plan_bias_pct * 10)
    net = point.import_wh - point.export_wh
    wh = {month.month: sum(int(energy_on(net, day).sum()) for day in all_days_of(month)) for month in months}
    return {month: max(1, used * per_mille // 1_000_000_000) for month, used in wh.items()}


def prior_deliveries(part: Part) -> Iterator[Delivery]:
    """Give the part's files, its customers, and what its contracts agree on (their heads are in sales.py)."""
    yield from part_deliveries(part)
    customers = xlsx_bytes(customer_sheets(part.points))
    yield Delivery("customers-2025.xlsx", _CUSTOMERS_KNOWN, SOURCE_CRM, customers)
    terms = contract_sheets(part.contracts)
    del terms["contract"]
    yield Delivery("contracts-of-2025-terms.xlsx", START_KNOWN, SOURCE_CRM, xlsx_bytes(terms))

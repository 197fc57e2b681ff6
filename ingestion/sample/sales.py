"""The contract book of the sample retailer (made up): versions, events, and contracts before and after 2026.

The contracts of 2025 are over (what two of them covered at the end is in prior_year.py); those for 2027 are
in the pipeline. What happens in a month is known on the first day of the next one, in November on the day
before the cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from ingestion.sample.config import CUT_AT, PROVINCE, SOURCE_CRM, at
from ingestion.sample.contracts import RENEWAL_FROM, Contract
from ingestion.sample.roster import CUSTOMERS, FIXED, PACKAGES_BESIDE, RENEWS
from ingestion.sample.sales_events import EVENT_HEADER, Happening, life_of, lives_beside
from ingestion.sample.workbooks import NEWCOMER_KNOWN, RENEWAL_KNOWN, START_KNOWN
from ingestion.sample.writer import Cell, Delivery, Sheet, xlsx_bytes

VERSION_HEADER = ["contract_id", "version_no", "effective_from", "package_id", "package_version", "reason"]
CONTRACT_HEADER = ["contract_id", "customer_id", "province", "package_type", "signed_on", "effective_from",
                   "effective_to", "sales_channel"]  # fmt: skip
NEWS_KNOWN = at(date(2026, 11, 11), 18)
PRICE_HEADER = ["contract_id", "component", "period", "price_cny_per_mwh"]
QUANTITY_HEADER = ["contract_id", "delivery_month", "quantity_mwh"]
FOLLOWING_DISCOUNT = 3
"""By how much a price of 2027 is below that of 2026, yuan/MWh."""
CHANGES = 4
"""This customer's contract changes its package from December on."""


@dataclass(frozen=True)
class Beside:
    """A contract outside the sample's year: only its head and its package."""

    contract_id: str
    customer: int
    package: str
    signed_on: date | None
    from_on: date
    to_on: date
    channel: str


def _year(number: int, year: int, package: str, signed_on: date | None, channel: str) -> Beside:
    head = f"SD{year % 100}-{number:03d}-1"
    return Beside(head, number, package, signed_on, date(year, 1, 1), date(year, 12, 31), channel)


PAST = (
    _year(2, 2025, "sample_tou", date(2024, 12, 12), "agent"),
    _year(9, 2025, "sample_fixed", date(2024, 12, 12), "direct"),
    replace(_year(21, 2025, "sample_fixed", date(2024, 12, 12), "direct"), to_on=date(2025, 9, 30)),
)
"""The third was terminated in September."""
PIPELINE = (
    _year(1, 2027, "sample_linked", None, "direct"),
    _year(2, 2027, "sample_linked", None, "agent"),
    _year(3, 2027, "sample_mixed", None, "online"),
    _year(5, 2027, "sample_mixed", None, "direct"),
    _year(6, 2027, "sample_tou", None, "agent"),
    _year(7, 2027, "sample_fixed", date(2026, 10, 28), "online"),
    _year(8, 2027, "sample_tou", date(2026, 10, 23), "direct"),
    _year(10, 2027, "sample_mixed", None, "agent"),
    _year(11, 2027, "sample_linked", date(2026, 11, 9), "online"),
    _year(13, 2027, "sample_tou", None, "direct"),
    _year(14, 2027, "sample_fixed", date(2026, 10, 21), "agent"),
    _year(17, 2027, "sample_mixed", None, "direct"),
)


def sales_deliveries(contracts: list[Contract]) -> Iterator[Delivery]:
    """Give every file of contract versions and events, and of the contracts beside, known by the cut."""
    for known_at in sorted({_known_at(contract) for contract in contracts}):
        rows = [_original(contract) for contract in contracts if _known_at(contract) == known_at]
        yield _book(
            f"contract-versions-{known_at:%Y-%m}", known_at, {"contract_version": (VERSION_HEADER, rows)}
        )
    changed: list[Cell] = [f"SD26-{CHANGES:03d}-1", 2, "2026-12", "sample_mixed", "1", "客户要求与市场联动"]
    yield _book("contract-versions-2026-11", NEWS_KNOWN, {"contract_version": (VERSION_HEADER, [changed])})
    yield _book("contracts-of-2025", START_KNOWN, _sheets(PAST))
    yield _book("contracts-of-2027", NEWS_KNOWN, _sheets(PIPELINE) | _terms(contracts))
    happened = [happening for contract in contracts for happening in _life(contract)]
    happened += lives_beside()
    for known_at in sorted({happening_known(one.happened_on) for one in happened}):
        rows = [one.row() for one in happened if happening_known(one.happened_on) == known_at]
        yield _book(
            f"contract-events-{known_at:%Y-%m-%d}", known_at, {"contract_event": (EVENT_HEADER, rows)}
        )


def happening_known(day: date) -> datetime:
    """When the business knew what happened on a day; raises ValueError after the cut."""
    if day < START_KNOWN.date():
        return START_KNOWN
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    known = min(at(following, 9, 30), NEWS_KNOWN)
    if known > CUT_AT or day > NEWS_KNOWN.date():
        raise ValueError(f"the sample's sales know {day} after the cut {CUT_AT}")
    return known


def _book(stem: str, known_at: datetime, sheets: dict[str, Sheet]) -> Delivery:
    return Delivery(f"{stem}.xlsx", known_at, SOURCE_CRM, xlsx_bytes(sheets))


def _known_at(contract: Contract) -> datetime:
    if contract.from_on == RENEWAL_FROM:
        return RENEWAL_KNOWN
    return START_KNOWN if contract.signed_on.year == 2025 else NEWCOMER_KNOWN


def _original(contract: Contract) -> list[Cell]:
    one_price = "sample_fixed" if contract.customer.package == FIXED else "sample_tou"
    package = PACKAGES_BESIDE.get(contract.customer.number, one_price)
    return [contract.contract_id, 1, f"{contract.from_on:%Y-%m}", package, "1", None]


def _life(contract: Contract) -> list[Happening]:
    number = contract.customer.number
    successor = f"SD26-{RENEWS:03d}-2" if contract.contract_id == f"SD26-{RENEWS:03d}-1" else None
    return life_of(contract, successor, changes=number == CHANGES)


def following_year(contracts: list[Contract]) -> dict[str, dict[int, int]]:
    """Give MWh by month of the contracts for 2027: what the customer's contract of 2026 has."""
    of_customer = {one.customer.number: one.quantity_mwh for one in contracts}
    return {one.contract_id: of_customer[one.customer] for one in PIPELINE}


def _terms(contracts: list[Contract]) -> dict[str, Sheet]:
    """Quantities of the contracts for 2027, and the agreed prices: those of 2026, a bit lower."""
    prices = {one.customer.number: one.prices for one in contracts}
    quantities: list[list[Cell]] = [
        [name, f"2027-{month:02d}", mwh]
        for name, by_month in following_year(contracts).items()
        for month, mwh in by_month.items()
    ]
    priced: list[list[Cell]] = [
        [one.contract_id, "energy", period, Decimal(price) / 1000 - FOLLOWING_DISCOUNT]
        for one in PIPELINE
        if one.signed_on is not None and one.package in ("sample_fixed", "sample_tou")
        for period, price in prices[one.customer].items()
    ]
    return {"contract_price": (PRICE_HEADER, priced), "contract_quantity": (QUANTITY_HEADER, quantities)}


def _sheets(contracts: tuple[Beside, ...]) -> dict[str, Sheet]:
    heads: list[list[Cell]] = []
    versions: list[list[Cell]] = []
    for one in contracts:
        customer = CUSTOMERS[one.customer - 1]
        heads.append([one.contract_id, customer.customer_id, PROVINCE, customer.package, one.signed_on,
                      one.from_on, one.to_on, one.channel])  # fmt: skip
        versions.append([one.contract_id, 1, f"{one.from_on:%Y-%m}", one.package, "1", None])
    return {"contract": (CONTRACT_HEADER, heads), "contract_version": (VERSION_HEADER, versions)}

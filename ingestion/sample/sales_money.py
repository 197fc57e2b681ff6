"""Plans, channels, commissions, invoices and receipts of the sample retailer (made up).

A plan is the contracted energy at the contract's mean price; its margin is the premium in that price.
An invoice is of the contracted energy, since the sample is made before anything is settled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from ingestion.sample.config import HOURS, SOURCE_CRM, at
from ingestion.sample.contracts import RENEWAL_FROM, RENEWAL_PREMIUM, Contract, autumn_periods
from ingestion.sample.sales import NEWS_KNOWN, PIPELINE, following_year, happening_known
from ingestion.sample.workbooks import NEWCOMER_KNOWN, RENEWAL_KNOWN, START_KNOWN
from ingestion.sample.writer import Delivery, csv_bytes

PLAN_HEADER = ["contract_id", "delivery_month", "energy_mwh", "revenue_cny", "purchase_cny", "margin_cny"]
CHANNEL_HEADER = ["channel_id", "effective_from", "channel_name", "channel_name_en", "kind"]
COMMISSION_HEADER = ["channel_id", "contract_id", "effective_from", "basis", "rate"]
INVOICE_HEADER = [
    "invoice_id", "contract_id", "delivery_month", "issued_on", "due_on", "amount_cny", "vat_rate",
]  # fmt: skip
RECEIPT_HEADER = ["receipt_id", "invoice_id", "received_on", "amount_cny"]
SOURCE_FINANCE = "retailer_finance"

CHANNELS = [
    ["direct", "2025-01-01", "直销团队", "Own sales", "direct"],
    ["agent", "2025-01-01", "齐鲁能源代理", "Qilu Energy Agents", "agent"],
    ["online", "2025-01-01", "购电通平台", "Goudiantong Platform", "online"],
]
COMMISSIONS = [
    ["agent", "", "2026-01", "share_of_margin", "0.2"],
    ["agent", "SD26-006-1", "2026-01", "cny_per_mwh", "3"],
    ["online", "", "2026-01", "cny_per_mwh", "1.5"],
    ["online", "", "2026-10", "cny_per_mwh", "1.2"],
    ["online", "SD26-039-1", "2026-01", "cny_per_month", "300"],
]
_LATE, _PARTLY, _UNPAID = 3, 4, 5
"""Customers by number modulo 10, 17 and 13: pays late; pays 60 % of September; has not paid September."""


def money_deliveries(contracts: list[Contract]) -> Iterator[Delivery]:
    """Give every such file known by the cut."""
    yield Delivery("channel-2025-12.csv", START_KNOWN, SOURCE_CRM, csv_bytes(CHANNEL_HEADER, CHANNELS))
    yield Delivery(
        "channel_commission-2025-12.csv", START_KNOWN, SOURCE_CRM, csv_bytes(COMMISSION_HEADER, COMMISSIONS)
    )
    for known_at in (START_KNOWN, NEWCOMER_KNOWN, RENEWAL_KNOWN):
        rows = [
            row for contract in contracts if _planned_at(contract) == known_at for row in _plans(contract)
        ]
        yield _file("contract_plan", known_at, SOURCE_CRM, PLAN_HEADER, rows)
    yield _file("contract_plan", NEWS_KNOWN, SOURCE_CRM, PLAN_HEADER, list(_following_plans(contracts)))
    receipts: list[list[str]] = []
    for month in range(1, 11):
        invoices = [
            _invoice(one, month) for one in contracts if month in one.quantity_mwh and _runs(one, month)
        ]
        issued = at(date(2026, month + 1, 10), 18)
        yield _file("invoice", issued, SOURCE_FINANCE, INVOICE_HEADER, invoices)
        receipts += [row for invoice in invoices for row in _receipts(invoice)]
    for known_at in sorted({_known(row) for row in receipts}):
        rows = [row for row in receipts if _known(row) == known_at]
        yield _file("receipt", known_at, SOURCE_FINANCE, RECEIPT_HEADER, rows)


def _file(feed: str, known_at: datetime, source: str, header: list[str], rows: list[list[str]]) -> Delivery:
    return Delivery(f"{feed}-{known_at:%Y-%m-%d}.csv", known_at, source, csv_bytes(header, rows))


def _planned_at(contract: Contract) -> datetime:
    if contract.from_on == RENEWAL_FROM:
        return RENEWAL_KNOWN
    return START_KNOWN if contract.signed_on.year == 2025 else NEWCOMER_KNOWN


def _runs(contract: Contract, month: int) -> bool:
    return contract.from_on <= date(2026, month, 1) <= contract.to_on


def _mean_milli(contract: Contract) -> int:
    """Mean price of a day's 24 hours, 0.001 yuan/MWh."""
    if "all" in contract.prices:
        return contract.prices["all"]
    return sum(contract.prices[period] for period in autumn_periods()) // HOURS


def _fen(milli_yuan: int) -> Decimal:
    return (Decimal(milli_yuan) / 1000).quantize(Decimal("0.01"))


def _plans(contract: Contract) -> Iterator[list[str]]:
    renewed = contract.from_on == RENEWAL_FROM
    premium = (RENEWAL_PREMIUM if renewed else contract.customer.premium) * 1000
    for month, energy in contract.quantity_mwh.items():
        revenue, margin = _fen(energy * _mean_milli(contract)), _fen(energy * premium)
        yield [contract.contract_id, f"2026-{month:02d}", str(energy), str(revenue), str(revenue - margin),
               str(margin)]  # fmt: skip


def _following_plans(contracts: list[Contract]) -> Iterator[list[str]]:
    """Plans of the contracts for 2027, at the price and the premium of the customer's contract of 2026."""
    before = {one.customer.number: one for one in contracts}
    customers = {one.contract_id: one.customer for one in PIPELINE}
    for name, by_month in following_year(contracts).items():
        contract = before[customers[name]]
        for month, energy in by_month.items():
            revenue = _fen(energy * _mean_milli(contract))
            margin = _fen(energy * contract.customer.premium * 1000)
            yield [name, f"2027-{month:02d}", str(energy), str(revenue), str(revenue - margin), str(margin)]


def _invoice(contract: Contract, month: int) -> list[str]:
    amount = _fen(contract.quantity_mwh[month] * _mean_milli(contract))
    issued, due = date(2026, month + 1, 10), date(2026, month + 1, 25)
    number = f"FP26{month:02d}-{contract.contract_id[5:]}"
    return [number, contract.contract_id, f"2026-{month:02d}", str(issued), str(due), str(amount), "0.13"]


def _receipts(invoice: list[str]) -> Iterator[list[str]]:
    """The payments of an invoice that came in before the cut."""
    number, month = int(invoice[1][5:8]), int(invoice[2][5:])
    due, amount = date.fromisoformat(invoice[4]), Decimal(invoice[5])
    received_on = due + timedelta(days=9 if number % 10 == _LATE else -(number % 4))
    if month >= 9 and number % 13 == _UNPAID:
        return
    if month >= 9 and number % 17 == _PARTLY:
        amount = (amount * 6 / 10).quantize(Decimal("0.01"))
    if received_on <= NEWS_KNOWN.date():
        yield [f"HK{invoice[0][2:]}", invoice[0], str(received_on), str(amount)]


def _known(receipt: list[str]) -> datetime:
    return happening_known(date.fromisoformat(receipt[2]))

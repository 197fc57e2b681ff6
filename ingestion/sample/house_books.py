"""The sample house's own books: services, budget and guarantees, and the size of its market (made up)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np

from ingestion.sample.config import PROVINCE, SEED, SOURCE_CENTRE, SOURCE_CRM, at, month_days
from ingestion.sample.contracts import Contract
from ingestion.sample.points import Point
from ingestion.sample.writer import Cell, Delivery, Sheet, csv_bytes, milli, xlsx_bytes

_KNOWN = at(date(2025, 12, 28), 17)
_PUBLISHED = at(date(2026, 11, 10), 11)
_MONTHS = range(1, 11)
"""The market's size is published for the months that are over."""
_RETAILERS = 158
_SHARE_PER_MILLE = 23
_BUDGET_HEADER = ["delivery_month", "province", "item", "amount_cny", "energy_mwh"]
_PRICE_CNY = {"retail_revenue": 428, "purchase_cost": 409, "channel_commission": 2, "margin": 17}
"""Budgeted yuan per planned MWh."""
_NEXT_YEAR_KNOWN = at(date(2026, 11, 9), 17)
_NEXT_YEAR_GROWTH_PCT = 4

_SERVICES: tuple[tuple[str, str, str, int], ...] = (
    ("C002", "energy_management", "year", 96_000), ("C006", "efficiency", "once", 180_000),
    ("C007", "operation_maintenance", "month", 7_500), ("C012", "software", "month", 1_200),
    ("C023", "demand_response", "year", 24_000), ("C036", "agency", "month", 600),
)  # fmt: skip
_GUARANTEES: tuple[tuple[str, str, str, int, date, date], ...] = (
    ("BG-2026-01", "bank_guarantee", "齐鲁样本银行", 12_000_000, date(2026, 1, 1), date(2026, 12, 31)),
    ("INS-2026-01", "insurance", "东方样本保险", 4_000_000, date(2026, 1, 1), date(2026, 6, 30)),
    ("BG-2026-02", "bank_guarantee", "齐鲁样本银行", 6_000_000, date(2026, 7, 1), date(2027, 6, 30)),
)


def house_deliveries(points: list[Point], contracts: list[Contract]) -> Iterator[Delivery]:
    """Give the house's workbook of the year's start, and the published market volumes."""
    year_end = date(2026, 12, 31)
    services: list[list[Cell]] = [
        [f"SV26-{number:02d}", customer, kind, basis, fee, date(2026, 1, 1), year_end]
        for number, (customer, kind, basis, fee) in enumerate(_SERVICES, 1)
    ]
    guarantees: list[list[Cell]] = [
        [name, PROVINCE, kind, issuer, "山东电力交易中心", amount, first, last]
        for name, kind, issuer, amount, first, last in _GUARANTEES
    ]
    sheets: dict[str, Sheet] = {
        "service": (["service_id", "customer_id", "service_kind", "fee_basis", "fee_cny", "effective_from",
                     "effective_to"], services),
        "budget": (_BUDGET_HEADER, _budget(contracts, 2026)),
        "guarantee": (["guarantee_id", "province", "guarantee_kind", "issuer", "beneficiary", "amount_cny",
                       "valid_from", "valid_to"], guarantees),
    }  # fmt: skip
    yield Delivery("house-2026.xlsx", _KNOWN, SOURCE_CRM, xlsx_bytes(sheets))
    following: dict[str, Sheet] = {
        "budget": (_BUDGET_HEADER, _budget(contracts, 2027, _NEXT_YEAR_GROWTH_PCT))
    }
    yield Delivery("budget-2027.xlsx", _NEXT_YEAR_KNOWN, SOURCE_CRM, xlsx_bytes(following))
    header = ["province", "delivery_month", "market_mwh", "own_mwh", "retailers"]
    volumes = csv_bytes(header, [_volume(points, month) for month in _MONTHS])
    yield Delivery("market_volume-2026.csv", _PUBLISHED, SOURCE_CENTRE, volumes)


def _budget(contracts: list[Contract], year: int, growth_pct: int = 0) -> list[list[Cell]]:
    """Planned MWh of each month, grown, at budgeted prices; and what the house itself costs."""
    rows: list[list[Cell]] = []
    for month in range(1, 13):
        planned = sum(c.quantity_mwh.get(month, 0) for c in contracts) * (100 + growth_pct) // 100
        name = f"{year}-{month:02d}"
        rows += [
            [name, PROVINCE, item, Decimal(planned * price), planned if item == "retail_revenue" else None]
            for item, price in _PRICE_CNY.items()
        ]
        rows.append([name, None, "overhead", Decimal(310_000), None])
    return rows


def _volume(points: list[Point], month: int) -> list[str]:
    """Own energy of the accounts under contract, and a market of which it is about 2.3 per cent."""
    days = list(month_days(month))
    wh = sum(int(p.net_wh()[days].sum()) for p in points if p.account_id.endswith("01"))
    luck = int(np.random.default_rng([SEED, 900 + month]).integers(-40, 41))
    own_kwh = (wh + 500) // 1000
    market_kwh = own_kwh * (1000 + luck) // _SHARE_PER_MILLE
    return [PROVINCE, f"2026-{month:02d}", milli(market_kwh), milli(own_kwh), str(_RETAILERS)]

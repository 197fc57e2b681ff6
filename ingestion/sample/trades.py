"""Medium and long-term trades as hourly curves, and the day-ahead quantity (made up).

Retail quantities planned in the contracts are covered to about 84 %: annual bilateral deals, then monthly
bilateral, auction and listing, and now and then a multi-day rolling deal. Each month's quantity is laid on
the days by a template and rounded to the kWh so that the hours add up to it exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from ingestion.sample.config import DAYS, HOURS, SEED, at, index_of, month_days
from ingestion.sample.contracts import Contract
from ingestion.sample.curves import (
    flat_template,
    hourly,
    peak_template,
    split_exact,
    typical_template,
    weights_on,
)
from ingestion.sample.profiles import Ints
from ingestion.sample.system_load import drift

Milli = int
LAST_MONTH = 12


@dataclass(frozen=True)
class Trade:
    """One trade: price 0.001 yuan/MWh; `hours` kWh [days, 24] from `first_on`; month totals it must add up
    to.
    """

    trade_id: str
    product: str
    side: str
    counterparty: str
    price: Milli
    known_at: datetime
    file_stem: str
    first_on: date
    hours: Ints
    quantity_kwh: dict[int, int]


@dataclass(frozen=True)
class Book:
    """What the trader knows when dealing: planned kWh per month, templates, expected prices [13, 24] (row 0
    = year).
    """

    plan_kwh: dict[int, int]
    templates: dict[str, Ints]
    expected: Ints


ANNUAL = (  # id, counterparty, template, per mille of plan, mark-up 0.001 yuan/MWh
    ("Y1", "华岱发电有限公司", "typical", 330, 9_000),
    ("Y2", "鲁能滨海核电有限公司", "flat", 170, 7_000),
    ("Y3", "沂蒙抽水蓄能有限公司", "peak", 25, 12_000),
    ("Y4", "胶东热电有限公司", "typical", 90, 8_000),
)
MONTHLY = (
    ("B1", "monthly_bilateral", "齐鲁热电有限公司", "typical", 90, 6_000),
    ("A1", "monthly_auction", "集中竞价", "typical", 60, 4_000),
    ("A2", "monthly_auction", "集中竞价", "peak", 15, 9_000),
    ("L1", "listing", "渤海新能源有限公司", "typical", 50, -3_000),
)
ROLLING = (  # side, first and last day, per mille of the month's plan on those days, deal day
    ("buy", date(2026, 9, 14), date(2026, 9, 18), 20, date(2026, 9, 11)),
    ("sell", date(2026, 10, 21), date(2026, 10, 25), 30, date(2026, 10, 19)),
)
ANNUAL_KNOWN = at(date(2025, 12, 20), 17)


def open_book(contracts: list[Contract], portfolio_wh: Ints, expected: Ints) -> Book:
    """Collect what the trader deals on."""
    plan = {m: sum(c.quantity_mwh.get(m, 0) for c in contracts) * 1000 for m in range(1, LAST_MONTH + 1)}
    templates = {"typical": typical_template(portfolio_wh), "flat": flat_template(), "peak": peak_template()}
    return Book(plan, templates, expected)


def build_trades(book: Book) -> list[Trade]:
    """Deal everything of the year."""
    trades = [_annual(book, *terms) for terms in ANNUAL]
    for month in range(1, LAST_MONTH + 1):
        trades.extend(_monthly(book, month, *terms) for terms in MONTHLY)
    return [*trades, *(_rolling(book, *terms) for terms in ROLLING)]


def _annual(book: Book, code: str, seller: str, template: str, per_mille: int, mark_up: Milli) -> Trade:
    months = np.array([book.plan_kwh[m] for m in range(1, LAST_MONTH + 1)], dtype=np.int64)
    shares = split_exact(int(months.sum()) * per_mille // 1000, months).tolist()
    quantity = dict(enumerate(shares, start=1))
    shape = book.templates[template]
    hours = np.concatenate([split_exact(q, weights_on(shape, month_days(m))) for m, q in quantity.items()])
    price = tenth(mean_price(shape, book.expected[0]) + mark_up)
    return Trade(f"SD2026-{code}", "annual_bilateral", "buy", seller, price, ANNUAL_KNOWN, "annual-2026",
                 date(2026, 1, 1), hours, quantity)  # fmt: skip


def _monthly(
    book: Book,
    month: int,
    code: str,
    product: str,
    seller: str,
    template: str,
    per_mille: int,
    mark_up: Milli,
) -> Trade:
    shape, days = book.templates[template], month_days(month)
    quantity = book.plan_kwh[month] * per_mille // 1000
    luck = int(np.random.default_rng([SEED, 200 + month, ord(code[0]), int(code[1])]).integers(-60, 61)) * 100
    view = (book.expected[0] + book.expected[month]) // 2
    price = tenth(mean_price(shape, view) + mark_up + luck)
    first = date(2026, month, 1)
    return Trade(f"SD2026{month:02d}-{code}", product, "buy", seller, price, _dealt_before(first),
                 f"monthly-2026-{month:02d}", first, split_exact(quantity, weights_on(shape, days)),
                 {month: quantity})  # fmt: skip


def _rolling(book: Book, side: str, first: date, last: date, per_mille: int, dealt: date) -> Trade:
    days = range(index_of(first), index_of(last) + 1)
    shape = book.templates["typical"]
    quantity = book.plan_kwh[first.month] * len(days) * per_mille // (len(month_days(first.month)) * 1000)
    price = tenth(mean_price(shape, book.expected[first.month]))
    return Trade(f"SD2026{first:%m%d}-R1", "rolling", side, "滚动撮合", price, at(dealt, 17),
                 f"rolling-{dealt}", first, split_exact(quantity, weights_on(shape, days)),
                 {first.month: quantity})  # fmt: skip


def mean_price(template: Ints, expected: Ints) -> Milli:
    """Mean price of a template's workday under expected hourly prices, 0.001 yuan/MWh."""
    return int((template[0] * expected).sum()) // int(template[0].sum())


def tenth(milli: Milli) -> Milli:
    """Round a price to 0.1 yuan/MWh."""
    return (milli + 50) // 100 * 100


def _dealt_before(first: date) -> datetime:
    """Give 17:30 on the 20th of the month before, or the Friday before it when that is a weekend."""
    dealt = (first - timedelta(days=1)).replace(day=20)
    return at(dealt - timedelta(days=max(0, dealt.weekday() - 4)), 17, 30)


def expected_prices(day_ahead_milli: Ints) -> Ints:
    """Give expected hourly prices: row 0 the year, rows 1…12 the months; [13, 24], whole yuan."""
    by_hour = day_ahead_milli.reshape(DAYS, HOURS, 4).sum(axis=2)
    parts = [range(DAYS), *(month_days(m) for m in range(1, 13))]
    return np.stack([by_hour[p.start : p.stop].sum(axis=0) // (4 * len(p)) // 1000 * 1000 for p in parts])


def day_ahead_quantity(portfolio_wh: Ints) -> Ints:
    """Give the retailer's cleared day-ahead kWh per hour [365, 24]: its true load, off by about 3 %."""
    error = 1 + drift(6, DAYS * HOURS, 0.85, 0.025).reshape(DAYS, HOURS) + drift(7, DAYS, 0.4, 0.015)[:, None]
    cleared: Ints = np.rint(hourly(portfolio_wh) * error / 1000).astype(np.int64)
    return np.maximum(cleared, 0)

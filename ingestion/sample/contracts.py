"""Retail contracts: term, prices quoted on each customer's own curve, and planned monthly quantities (made
up).

A fixed price is the expected spot cost of the customer's curve plus the cost of hedging plus its premium, in
whole yuan/MWh. A time-of-use price has the same mean over the customer's autumn days, spread by the ratios
below over the autumn periods of Shandong (deep valley 11–14, valley 10–15, peak 16–21, sharp 17–19 o'clock).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ingestion.sample.config import FIRST_ON, HOURS, SEED, index_of, month_days
from ingestion.sample.curves import hourly
from ingestion.sample.points import Point
from ingestion.sample.profiles import Ints
from ingestion.sample.roster import FIXED, JOINS_LATE, RENEWS, Customer

YEAR_END = date(2026, 12, 31)
RENEWAL_FROM = date(2026, 11, 1)
RENEWAL_PREMIUM = 9
ENDS_ELSEWHEN = {38: date(2026, 12, 5), JOINS_LATE: date(2027, 1, 31)}
"""Customers whose contract does not end with the year."""
HEDGE_MILLI = 8_000
"""What hedging costs above the expected spot price, 0.001 yuan/MWh."""

PERIODS = ("sharp", "peak", "flat", "valley", "deep_valley")
_RATIO = (132, 118, 100, 78, 66)
"""Price of a period as a percentage of the flat price."""
_CHANNELS = ("direct", "direct", "agent", "online")


@dataclass(frozen=True)
class Contract:
    """One signed contract; prices 0.001 yuan/MWh by period ('all' for a fixed one); quantities MWh by month
    1…12.
    """

    contract_id: str
    customer: Customer
    account_id: str
    signed_on: date
    from_on: date
    to_on: date
    sales_channel: str
    prices: dict[str, int]
    quantity_mwh: dict[int, int]


def autumn_periods() -> list[str]:
    """Give the period of each of the 24 hours on a day of September … November."""
    ranges = {
        "sharp": [(17, 19)],
        "peak": [(16, 17), (19, 21)],
        "valley": [(10, 11), (14, 15)],
        "deep_valley": [(11, 14)],
    }
    named = {hour: name for name, spans in ranges.items() for a, b in spans for hour in range(a, b)}
    return [named.get(hour, "flat") for hour in range(HOURS)]


def build_contracts(points: list[Point], expected_milli: Ints) -> list[Contract]:
    """Sign one contract per customer (its first account), and the one renewal.

    `expected_milli`: expected spot price per hour of a typical day, [24]. The second site has none: that is
    the sample's open question in November.
    """
    contracts = []
    for point in points:
        if point.account_id.endswith("02"):
            continue
        if point.customer.number == RENEWS:
            before = date(2026, 10, 31)
            contracts.append(_sign(point, 1, point.from_on, before, point.customer.premium, expected_milli))
            contracts.append(_sign(point, 2, RENEWAL_FROM, YEAR_END, RENEWAL_PREMIUM, expected_milli))
        else:
            to_on = ENDS_ELSEWHEN.get(point.customer.number, YEAR_END)
            contracts.append(_sign(point, 1, point.from_on, to_on, point.customer.premium, expected_milli))
    return contracts


def _sign(point: Point, term: int, from_on: date, to_on: date, premium: int, expected: Ints) -> Contract:
    customer = point.customer
    net = hourly(point.net_wh())
    price = quote(net, expected, premium)
    prices = {"all": price} if customer.package == FIXED else _period_prices(net, price)
    signed = {2: date(2026, 10, 19)}.get(
        term, date(2026, 3, 24) if customer.number == JOINS_LATE else date(2025, 12, 15)
    )
    return Contract(
        contract_id=f"SD26-{customer.number:03d}-{term}", customer=customer, account_id=point.account_id,
        signed_on=signed, from_on=from_on, to_on=to_on, prices=prices,
        quantity_mwh=_plan(point, from_on, to_on),
        sales_channel=_CHANNELS[customer.number % len(_CHANNELS)],
    )  # fmt: skip


def quote(net: Ints, expected: Ints, premium: int) -> int:
    """Quote a curve [n, 24] Wh: its mean cost at expected hourly prices, hedging and a premium (yuan/MWh).

    The result is in 0.001 yuan/MWh, of whole yuan.
    """
    return _whole_yuan(_cost(net, expected) + HEDGE_MILLI + premium * 1000)


def _cost(net: Ints, expected: Ints) -> int:
    """Mean expected cost of a curve, 0.001 yuan/MWh, whole numbers only."""
    by_hour = net.sum(axis=0) // 1000
    return int((by_hour * expected).sum()) // int(by_hour.sum())


def _period_prices(net: Ints, quote: int) -> dict[str, int]:
    autumn = net[month_days(9).start : month_days(11).stop].sum(axis=0) // 1000
    names = autumn_periods()
    ratio = dict(zip(PERIODS, _RATIO, strict=True))
    weighted = sum(int(energy) * ratio[name] for energy, name in zip(autumn, names, strict=True))
    flat = quote * 100 * int(autumn.sum()) // weighted
    return {name: _whole_yuan(flat * ratio[name] // 100) for name in PERIODS}


def _whole_yuan(milli: int) -> int:
    return (milli + 500) // 1000 * 1000


def _plan(point: Point, from_on: date, to_on: date) -> dict[int, int]:
    """Plan whole MWh a month: the true use, off by the customer's bias and up to ±3.5 % a month (seeded)."""
    luck = np.random.default_rng([SEED, 100 + point.customer.number]).integers(-35, 36, size=12).tolist()
    bias = round(point.customer.plan_bias_pct * 10)
    net = point.net_wh().sum(axis=1)
    plan = {}
    for month in range(1, 13):
        days = month_days(month)
        if days.stop <= index_of(from_on) or days.start > index_of(to_on):
            continue
        # the customer whose contract ends inside December plans only for its own days
        stop = min(days.stop, (to_on - FIRST_ON).days + 1)
        true_wh = int(net[days.start : stop].sum())
        plan[month] = max(1, true_wh * (1000 + bias + luck[month - 1]) // 1_000_000_000)
    return plan

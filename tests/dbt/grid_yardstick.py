"""A grid bill reckoned plainly, line by line, to hold the models against (domain §4.4, docs/grid_bill.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PERIODS = ("sharp", "peak", "flat", "valley", "deep_valley")
SYSTEM = ("pumped_storage", "ancillary", "system_operation")
Key = tuple[str, str]
"""Component and period (all where it does not float)."""


@dataclass(frozen=True)
class Tariff:
    """Price table, multiples and rules of a province's month; prices in yuan/kWh."""

    prices: Mapping[str, Decimal]
    grid_price: Decimal
    floats: frozenset[str]
    base: frozenset[str]
    multiples: Mapping[str, Decimal]
    printed: Mapping[str, Decimal]
    demand_price: Decimal = Decimal(42)


@dataclass(frozen=True)
class Account:
    """Energy of an account's month in Wh per period, and what its basic charge depends on."""

    account_id: str
    wh: Mapping[str, int]
    capacity_kva: int
    declared_kw: Decimal
    max_demand_kw: Decimal
    pf_rate: Decimal
    retail_fen: tuple[int, ...] = field(default=())


def rounded(value: Fraction, places: int) -> Decimal:
    """Half away from zero, exactly."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = -1 if value < 0 else 1
    return (sign * Decimal(whole)).scaleb(-places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def quantities(account: Account) -> dict[str, int]:
    """Whole kWh per period with energy: floors, then one each to the largest remainders."""
    total = (sum(account.wh.values()) + 500) // 1000
    shares = {period: divmod(account.wh[period], 1000) for period in PERIODS if account.wh[period]}
    left = total - sum(whole for whole, _ in shares.values())
    order = sorted(shares, key=lambda period: (-shares[period][1], PERIODS.index(period)))
    return {period: shares[period][0] + (period in order[:left]) for period in shares}


def period_prices(tariff: Tariff, period: str) -> dict[str, Decimal]:
    """Price of each floating component: in all the printed price less the level ones, or base × multiple."""
    prices = dict(tariff.prices) | {"transmission_distribution": tariff.grid_price}
    floating = {name: price for name, price in prices.items() if name in tariff.floats}
    base = sum(floating.values(), Decimal(0))
    level = sum(prices.values(), Decimal(0)) - base
    whole = tariff.printed[period] - level if period in tariff.printed else None
    if whole is None:
        whole = rounded(Fraction(base) * Fraction(tariff.multiples[period]), 6)
    found = {
        name: rounded(Fraction(price) * Fraction(whole) / Fraction(base), 6) if base else Decimal(0)
        for name, price in floating.items()
    }
    first = min(found, key=lambda name: (name != "energy", name))
    found[first] = whole - sum((price for name, price in found.items() if name != first), Decimal(0))
    return found


def agency_lines(account: Account, tariff: Tariff) -> dict[Key, Decimal]:
    """Amounts of the agency bill."""
    kwh = quantities(account)
    total = (sum(account.wh.values()) + 500) // 1000
    amounts = {
        (name, period): rounded(Fraction(price) * kwh[period], 2)
        for period in kwh
        for name, price in period_prices(tariff, period).items()
    }
    prices = dict(tariff.prices) | {"transmission_distribution": tariff.grid_price}
    for name, price in prices.items():
        if name not in tariff.floats:
            amounts[name, "all"] = rounded(Fraction(price) * total, 2)
    return amounts | basic_lines(account, tariff) | adjustment(account, tariff, amounts)


def market_lines(account: Account, tariff: Tariff) -> dict[Key, Decimal]:
    """Amounts of the market bill: the retailer's lines, everything else level."""
    total = (sum(account.wh.values()) + 500) // 1000
    prices = dict(tariff.prices) | {"transmission_distribution": tariff.grid_price}
    amounts = {
        (name, "all"): rounded(Fraction(price) * total, 2)
        for name, price in prices.items()
        if name != "energy"
    }
    amounts["energy", "all"] = Decimal(sum(account.retail_fen)) / 100
    return amounts | basic_lines(account, tariff) | adjustment(account, tariff, amounts)


def basic_lines(account: Account, tariff: Tariff) -> dict[Key, Decimal]:
    """Declared demand (no less than 40 % of the capacity), and twice what exceeds 105 % of it."""
    total = (sum(account.wh.values()) + 500) // 1000
    discount = Fraction(9, 10) if total >= 260 * account.capacity_kva else Fraction(1)
    billed = max(Fraction(account.declared_kw), Fraction(2, 5) * account.capacity_kva)
    price = Fraction(tariff.demand_price) * discount
    amount = rounded(billed * price, 2)
    excess = Fraction(account.max_demand_kw) - Fraction(21, 20) * billed
    if excess > 0:
        amount += rounded(Fraction(rounded(excess, 4)) * price * 2, 2)
    return {("basic_charge", "all"): amount}


def adjustment(account: Account, tariff: Tariff, amounts: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """The rate of the power factor on the rounded amounts in the base."""
    charged = dict(amounts) | basic_lines(account, tariff)
    base = sum((amount for (name, _), amount in charged.items() if name in tariff.base), Decimal(0))
    return {("power_factor", "all"): rounded(Fraction(base) * Fraction(account.pf_rate), 2)}

"""The settlement of domain §3 and §4.1 a second time, in plain Python integers, as a yardstick for the SQL.

Units: Wh, 0.001 yuan/MWh, so a product is 1e-9 yuan; amounts come out in fen.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tests.dbt.retailer import DAYS, PERIODS, Contract, Retailer

NANO_PER_FEN = 10_000_000
LineKey = tuple[str, str, str]


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number; a half goes away from zero."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def largest_remainder(quotas: dict[str, int], denominator: int, total: int) -> dict[str, int]:
    """Whole shares of ``total`` by quota / denominator; ties go to the first."""
    shares = {name: quota // denominator for name, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda name: -(quotas[name] % denominator))
    for name in by_remainder[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def retail_lines(retailer: Retailer) -> dict[LineKey, tuple[int, int]]:
    """(contract, account, period) to (kWh, fen)."""
    lines: dict[LineKey, tuple[int, int]] = {}
    for contract in retailer.contracts:
        for account in contract.accounts:
            used = dict.fromkeys(("all", *PERIODS), 0)
            for point in account.points:
                for day in DAYS:
                    for slot, wh in enumerate(point.net(day)):
                        fixed = contract.package_type == "fixed"
                        used["all" if fixed else retailer.periods[slot // 4]] += wh
            cells = {period: wh for period, wh in used.items() if period in contract.prices and wh}
            billed = largest_remainder(cells, 1000, half_up(sum(cells.values()), 1000))
            for period, kwh in billed.items():
                fen = half_up(kwh * contract.prices[period], 10_000)
                lines[contract.contract_id, account.account_id, period] = (kwh, fen)
    return lines


def contract_value(retailer: Retailer, contract: Contract) -> tuple[int, int]:
    """Wh of the contract, and its value at real-time prices in 1e-9 yuan."""
    energy = value = 0
    for account in contract.accounts:
        for point in account.points:
            for day in DAYS:
                net = point.net(day)
                energy += sum(net)
                value += sum(q * p for q, p in zip(net, retailer.prices["rt_unified"][day], strict=True))
    return energy, value


def _slots(hours: dict[date, list[int]], day: date) -> list[int]:
    return [kwh * 250 for kwh in hours[day] for _ in range(4)] if day in hours else [0] * 96


def two_settlement_nano(retailer: Retailer) -> int:
    """ΣQmlt·Pmlt + Σ(Qda-Qmlt)·Pda + Σ(Qact-Qda)·Prt in 1e-9 yuan, not rounded."""
    total = 0
    for day in DAYS:
        actual = [0] * 96
        for contract in retailer.contracts:
            for account in contract.accounts:
                for point in account.points:
                    actual = [a + b for a, b in zip(actual, point.net(day), strict=True)]
        mlt = [0] * 96
        for trade in retailer.trades:
            quantity = [trade.sign * wh for wh in _slots(trade.hours, day)]
            total += sum(quantity) * trade.price
            mlt = [a + b for a, b in zip(mlt, quantity, strict=True)]
        ahead = _slots(retailer.day_ahead, day)
        da, rt = retailer.prices["da_unified"][day], retailer.prices["rt_unified"][day]
        total += sum((ahead[s] - mlt[s]) * da[s] + (actual[s] - ahead[s]) * rt[s] for s in range(96))
    return total


def wholesale_nano(retailer: Retailer) -> dict[str, int]:
    """Component to 1e-9 yuan, not rounded, by the retailer's form; each day for itself, then added up."""
    nano: dict[str, int] = defaultdict(int)
    for contract in retailer.contracts:
        real_time = "real_time_deviation" if retailer.form == "two_settlement" else "energy_rt"
        nano[real_time] += contract_value(retailer, contract)[1]
    for day in DAYS:
        form = _two_settlement_day if retailer.form == "two_settlement" else _difference_day
        for component, value in form(retailer, day).items():
            nano[component] += value
    return dict(nano)


def _difference_day(retailer: Retailer, day: date) -> dict[str, int]:
    da, rt = retailer.prices["da_unified"][day], retailer.prices["rt_unified"][day]
    reference = retailer.prices[retailer.reference][day]
    mlt = sum(
        trade.sign * wh * (trade.price - reference[slot])
        for trade in retailer.trades
        for slot, wh in enumerate(_slots(trade.hours, day))
    )
    ahead = sum(wh * (da[slot] - rt[slot]) for slot, wh in enumerate(_slots(retailer.day_ahead, day)))
    return {"day_ahead_difference": ahead, "mlt_difference": mlt}


def _two_settlement_day(retailer: Retailer, day: date) -> dict[str, int]:
    da, rt = retailer.prices["da_unified"][day], retailer.prices["rt_unified"][day]
    ahead, mlt, cost = _slots(retailer.day_ahead, day), [0] * 96, 0
    for trade in retailer.trades:
        quantity = [trade.sign * wh for wh in _slots(trade.hours, day)]
        cost += sum(quantity) * trade.price
        mlt = [a + b for a, b in zip(mlt, quantity, strict=True)]
    return {
        "contract_energy": cost,
        "day_ahead_deviation": sum((ahead[s] - mlt[s]) * da[s] for s in range(96)),
        "real_time_deviation": -sum(ahead[s] * rt[s] for s in range(96)),
    }


def wholesale_lines(retailer: Retailer) -> dict[str, int]:
    """Component to fen, by the retailer's form."""
    return {name: half_up(nano, NANO_PER_FEN) for name, nano in wholesale_nano(retailer).items()}


def wholesale_shares(retailer: Retailer) -> dict[str, int]:
    """Contract to its share of the wholesale lines, in fen."""
    values = {c.contract_id: contract_value(retailer, c) for c in retailer.contracts}
    energy = sum(wh for wh, _ in values.values())
    shares: dict[str, int] = defaultdict(int)
    own = sum(nano for _, nano in values.values())
    for component, nano in wholesale_nano(retailer).items():
        fen = half_up(nano, NANO_PER_FEN)
        if component in ("energy_rt", "real_time_deviation"):
            # what each used at its own slots, and the day-ahead position that was sold against it by energy
            quotas = {c: value * energy + (nano - own) * wh for c, (wh, value) in values.items()}
        else:
            quotas = {c: fen * NANO_PER_FEN * wh for c, (wh, _) in values.items()}
        parts = largest_remainder(quotas, energy * NANO_PER_FEN, fen)
        for contract_id, part in parts.items():
            shares[contract_id] += part
    return dict(shares)

"""Recoveries of domain §4.3 a second time, in plain Python fractions, as a yardstick for the engine in SQL.

The kinds of ``PACK``: the day-ahead declaration over and under by 15 %, netted over each day; contracts under
80 % (55 % in hours 9 to 16) of the use by the hour, own mean against day-ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.dbt.reference import NANO_PER_FEN, half_up
from tests.dbt.retailer import DAYS, Retailer

PACK = """\
recovery:
  - kind: declared_over
    period: {value: hour, confidence: G}
    quantity: {value: declared, confidence: G}
    direction: {value: over, confidence: G}
    upper_rate: {value: 1.15, confidence: G}
    price_a: {value: rt_unified, confidence: G}
    price_b: {value: da_unified, confidence: G}
    aggregate: {value: day, confidence: G}
    sign_rule: {value: net_if_positive, confidence: G}
    net_group: {value: declared, confidence: G}
  - kind: declared_under
    period: {value: hour, confidence: G}
    quantity: {value: declared, confidence: G}
    direction: {value: under, confidence: G}
    lower_rate: {value: 0.85, confidence: G}
    price_a: {value: da_unified, confidence: G}
    price_b: {value: rt_unified, confidence: G}
    aggregate: {value: day, confidence: G}
    sign_rule: {value: net_if_positive, confidence: G}
    net_group: {value: declared, confidence: G}
  - kind: short
    period: {value: hour, confidence: G}
    quantity: {value: mlt, confidence: G}
    direction: {value: under, confidence: G}
    thresholds:
      confidence: G
      value:
        - {hours: [9, 10, 11, 12, 13, 14, 15, 16], free_rate: 0.45}
        - {hours: [1, 2, 3, 4, 5, 6, 7, 8, 17, 18, 19, 20, 21, 22, 23, 24], free_rate: 0.20}
    price_a: {value: mlt_own_mean, confidence: G}
    price_b: {value: da_unified, confidence: G}
    coefficient: {value: 1.1, confidence: G}
    sign_rule: {value: positive_part, confidence: G}
"""


def recovery_lines(retailer: Retailer) -> dict[str, int]:
    """Component to fen."""
    over = under = short = Fraction(0)
    month = _own_mean([hour for day in DAYS for hour in _contracts(retailer, day)])
    for day in DAYS:
        day_over = day_under = Fraction(0)
        for hour, (used, declared, da, rt) in enumerate(_hours(retailer, day)):
            day_over += max(declared - Fraction(115, 100) * used, Fraction(0)) * (rt - da)
            day_under += max(Fraction(85, 100) * used - declared, Fraction(0)) * (da - rt)
            held = _contracts(retailer, day)[hour]
            mean = _own_mean([held]) if held[0] else month
            free = Fraction(55, 100) if 8 <= hour < 16 else Fraction(80, 100)
            short += max(free * used - held[0], Fraction(0)) * max(mean - da, 0) * Fraction(11, 10)
        if day_over + day_under > 0:
            over, under = over + day_over, under + day_under
    lines = {"declared_over": over, "declared_under": under, "short": short}
    return {f"recovery_{kind}": _fen(nano) for kind, nano in lines.items()}


def _fen(nano: Fraction) -> int:
    return half_up(nano.numerator, nano.denominator * NANO_PER_FEN)


def _own_mean(hours: list[tuple[int, int]]) -> int:
    """Mean price in 0.001 yuan/MWh of (Wh, 1e-9 yuan); contracts that net to a sale keep their sign."""
    wh, nano = (sum(part) for part in zip(*hours, strict=True))
    return half_up(nano, wh) if wh > 0 else half_up(-nano, -wh)


def _contracts(retailer: Retailer, day: date) -> list[tuple[int, int]]:
    """Wh and 1e-9 yuan per hour of the day's trades."""
    hours = [(0, 0)] * 24
    for trade in retailer.trades:
        for hour, kwh in enumerate(trade.hours.get(day, [])):
            wh = trade.sign * kwh * 1000
            hours[hour] = (hours[hour][0] + wh, hours[hour][1] + wh * trade.price)
    return hours


def _hours(retailer: Retailer, day: date) -> Iterator[tuple[int, int, int, int]]:
    """Used and declared Wh of each hour, and the means of its day-ahead and real-time quarters."""
    points = [point for c in retailer.contracts for account in c.accounts for point in account.points]
    nets = [point.net(day) for point in points]
    for hour in range(24):
        quarters = range(hour * 4, hour * 4 + 4)
        means = [
            half_up(sum(retailer.prices[series][day][slot] for slot in quarters), 4)
            for series in ("da_unified", "rt_unified")
        ]
        used = sum(net[slot] for net in nets for slot in quarters)
        yield used, retailer.day_ahead[day][hour] * 1000, means[0], means[1]

"""Random small retailers: all that a month in an invented province needs, drawn from one seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

MONTH = date(2026, 2, 1)
DAYS = [MONTH + timedelta(days=n) for n in range(28)]
SLOTS = [f"p{slot:02d}" for slot in range(1, 97)]
HOURS = [f"h{hour:02d}" for hour in range(1, 25)]
PERIODS = ("sharp", "peak", "flat", "valley", "deep_valley")

Curve = list[int]


@dataclass(frozen=True)
class Point:
    """A metering point: Wh per day and slot; ``exported`` is None where only import counts."""

    point_id: str
    imported: dict[date, Curve]
    exported: dict[date, Curve] | None

    def net(self, day: date) -> Curve:
        """Net Wh per slot."""
        if self.exported is None:
            return self.imported[day]
        return [a - b for a, b in zip(self.imported[day], self.exported[day], strict=True)]


@dataclass(frozen=True)
class Account:
    """An account and its points."""

    account_id: str
    points: list[Point]


@dataclass(frozen=True)
class Contract:
    """A contract; prices in 0.001 yuan/MWh per period."""

    contract_id: str
    package_type: str
    prices: dict[str, int]
    accounts: list[Account]


@dataclass(frozen=True)
class Trade:
    """A trade: kWh per day and hour, price in 0.001 yuan/MWh, sign +1 for a buy."""

    trade_id: str
    sign: int
    price: int
    hours: dict[date, Curve]


@dataclass(frozen=True)
class Retailer:
    """One province's month. Prices in 0.001 yuan/MWh per series, day and slot; day-ahead kWh per hour."""

    province: str
    form: str
    reference: str
    periods: list[str]
    contracts: list[Contract]
    trades: list[Trade]
    day_ahead: dict[date, Curve]
    prices: dict[str, dict[date, Curve]] = field(repr=False)


def random_retailer(seed: int, province: str, form: str, reference: str) -> Retailer:
    """Draw a retailer; the same seed gives the same quantities and prices in any province."""
    draw = random.Random(seed)
    return Retailer(
        province=province,
        form=form,
        reference=reference,
        periods=[draw.choice(PERIODS) for _ in range(24)],
        contracts=[_contract(draw, f"{province}-c{n}") for n in range(6)],
        trades=[
            Trade(
                f"{province}-t{n}",
                draw.choice((1, 1, -1)),
                draw.randrange(250_000, 520_000),
                {day: _curve(draw, 24, 900) for day in DAYS if draw.random() < 0.8},
            )
            for n in range(4)
        ],
        day_ahead={day: _curve(draw, 24, 3000) for day in DAYS},
        prices={
            series: {day: [draw.randrange(-100_000, 1_500_000) for _ in SLOTS] for day in DAYS}
            for series in ("da_unified", "rt_unified")
        },
    )


def _contract(draw: random.Random, contract_id: str) -> Contract:
    package = draw.choice(("fixed", "tou_fixed"))
    wanted: Sequence[str] = ("all",) if package == "fixed" else PERIODS
    return Contract(
        contract_id,
        package,
        {period: draw.randrange(200_000, 900_000) for period in wanted},
        [_account(draw, f"{contract_id}-a{n}") for n in range(draw.randint(1, 2))],
    )


def _account(draw: random.Random, account_id: str) -> Account:
    return Account(account_id, [_point(draw, f"{account_id}-m{n}") for n in range(draw.randint(1, 2))])


def _point(draw: random.Random, point_id: str) -> Point:
    size = draw.choice((7, 999, 250_000))
    return Point(
        point_id,
        {day: _curve(draw, 96, size) for day in DAYS},
        {day: _curve(draw, 96, size // 2) for day in DAYS} if draw.random() < 0.4 else None,
    )


def _curve(draw: random.Random, length: int, largest: int) -> Curve:
    return [draw.randrange(largest + 1) if draw.random() < 0.9 else 0 for _ in range(length)]

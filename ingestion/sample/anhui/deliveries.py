"""Anhui as parts that are delivered by the month, and every file of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingestion.sample.anhui.books import book_deliveries, contracts_of_2025, contracts_of_2026
from ingestion.sample.anhui.market import neighbouring_prices, parameter_deliveries
from ingestion.sample.anhui.roster import CUSTOMERS, PROVINCE
from ingestion.sample.config import PRIOR_ON
from ingestion.sample.monthly import Part, part_deliveries
from ingestion.sample.points import Point, build_point
from ingestion.sample.prior_year import MONTHS_BEFORE
from ingestion.sample.profiles import Profiles
from ingestion.sample.trades import expected_prices
from ingestion.sample.trading_centre import Prices
from ingestion.sample.writer import Delivery

SELLER = "皖江发电有限公司"
MONTHS = tuple(date(2026, month, 1) for month in range(1, 12))
_ANNOUNCED = MONTHS[1:10]
"""The rules that announce numbers are in force from February on; the running month has none yet."""


@dataclass(frozen=True)
class Anhui:
    """Every account, and the two parts of its time: three accounts in 2025, seven in 2026."""

    points: list[Point]
    before: Part
    now: Part


def build_anhui(profiles: Profiles, neighbour: Prices) -> Anhui:
    """Make the book and its market; ``neighbour`` are the prices that Anhui's move with."""
    points = [build_point(profiles, one, one.annual_gwh, 1, one.from_on) for one in CUSTOMERS]
    prices = neighbouring_prices(neighbour)
    early = [point for point in points if point.from_on == PRIOR_ON]
    past = contracts_of_2025(points, expected_prices(prices.day_ahead)[0])
    before = Part(PROVINCE, PROVINCE, "AH", SELLER, MONTHS_BEFORE, early, past, prices)
    now = Part(PROVINCE, PROVINCE, "AH", SELLER, MONTHS, points, contracts_of_2026(points), prices)
    return Anhui(points, before, now)


def anhui_deliveries(anhui: Anhui) -> Iterator[Delivery]:
    """Give every file of the province."""
    yield from book_deliveries(anhui.points, anhui.before.contracts, anhui.now.contracts)
    for part in (anhui.before, anhui.now):
        yield from part_deliveries(part)
    yield from parameter_deliveries(anhui.now.prices, _ANNOUNCED)

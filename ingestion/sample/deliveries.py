"""Every file of the sample in the order in which the business got it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ingestion.sample.anhui import anhui_deliveries, build_anhui
from ingestion.sample.anhui.deliveries import Anhui
from ingestion.sample.centre_notices import notice_deliveries
from ingestion.sample.config import CUT_AT, DAYS, SLOTS
from ingestion.sample.contracts import Contract, build_contracts
from ingestion.sample.customer_files import customer_file_deliveries
from ingestion.sample.grid_bills import grid_bill_deliveries
from ingestion.sample.house_books import house_deliveries
from ingestion.sample.market import (
    day_ahead_deliveries,
    price_deliveries,
    system_deliveries,
    trade_deliveries,
)
from ingestion.sample.metering import meter_deliveries, register_deliveries
from ingestion.sample.monthly import Part
from ingestion.sample.points import Point, build_points
from ingestion.sample.prior_year import prior_deliveries, prior_part
from ingestion.sample.profiles import Ints, Profiles
from ingestion.sample.quantities import quantity_deliveries
from ingestion.sample.sales import sales_deliveries
from ingestion.sample.sales_money import money_deliveries
from ingestion.sample.series import series_deliveries
from ingestion.sample.statements import statement_deliveries
from ingestion.sample.system_load import System, build_system
from ingestion.sample.trades import Trade, build_trades, day_ahead_quantity, expected_prices, open_book
from ingestion.sample.trading_centre import Prices, build_prices
from ingestion.sample.workbooks import workbook_deliveries
from ingestion.sample.writer import Delivery, csv_bytes

MANIFEST_HEADER = ["file_name", "known_at", "source"]


@dataclass(frozen=True)
class World:
    """The whole made-up retailer and its market, before anything is written.

    `points` to `day_ahead_kwh` are Shandong's year, `prior` is what of 2025 comes before it.
    """

    points: list[Point]
    contracts: list[Contract]
    system: System
    prices: Prices
    trades: list[Trade]
    day_ahead_kwh: Ints
    prior: Part
    anhui: Anhui


def portfolio_wh(points: list[Point], *, with_second_site: bool) -> Ints:
    """Add the net curves, Wh [365, 96]."""
    total = np.zeros((DAYS, SLOTS), dtype=np.int64)
    for point in points:
        if with_second_site or point.account_id.endswith("01"):
            total += point.net_wh()
    return total


def build_world(profiles: Profiles) -> World:
    """Make the retailer and simulate its market; the same profiles give the same world."""
    points = build_points(profiles)
    system = build_system(profiles)
    prices = build_prices(system)
    expected = expected_prices(prices.day_ahead)
    contracts = build_contracts(points, expected[0])
    book = open_book(contracts, portfolio_wh(points, with_second_site=False), expected)
    return World(
        points=points, contracts=contracts, system=system, prices=prices, trades=build_trades(book),
        day_ahead_kwh=day_ahead_quantity(portfolio_wh(points, with_second_site=True)),
        prior=prior_part(points, contracts, prices), anhui=build_anhui(profiles, prices),
    )  # fmt: skip


def build_deliveries(world: World, note: Callable[[str], None] = lambda _: None) -> list[Delivery]:
    """Render every delivery known by the cut, sorted by known_at, then name.

    Raises ValueError when a file is known after the cut or a name is used twice.
    """
    note("metering files")
    found = [*meter_deliveries(world.points), *register_deliveries(world.points)]
    note("market files")
    found += price_deliveries(world.prices)
    found += system_deliveries(world.system)
    found += day_ahead_deliveries(world.day_ahead_kwh)
    found += trade_deliveries(world.trades)
    use_wh = portfolio_wh(world.points, with_second_site=False)
    found += notice_deliveries(world.prices, world.trades, use_wh)
    note("workbooks")
    found += workbook_deliveries(world.points, world.contracts)
    found += customer_file_deliveries(world.points)
    found += sales_deliveries(world.contracts)
    found += money_deliveries(world.contracts)
    found += quantity_deliveries(world.contracts)
    found += series_deliveries(world.contracts)
    found += house_deliveries(world.points, world.contracts)
    found += grid_bill_deliveries(world.points)
    found += statement_deliveries(
        world.points, world.contracts, world.prices, world.trades, world.day_ahead_kwh
    )
    note("the year before, and the second province")
    found += prior_deliveries(world.prior)
    found += anhui_deliveries(world.anhui)
    found.sort(key=lambda d: (d.known_at, d.file_name))
    late = [d.file_name for d in found if d.known_at > CUT_AT]
    if late or len({d.file_name for d in found}) != len(found):
        raise ValueError(f"sample deliveries known after {CUT_AT}: {late}; or a file name is used twice")
    return found


def manifest_bytes(deliveries: list[Delivery]) -> bytes:
    """Render manifest.csv: file_name, known_at (ISO, +08:00), source."""
    return csv_bytes(MANIFEST_HEADER, [[d.file_name, d.known_at.isoformat(), d.source] for d in deliveries])

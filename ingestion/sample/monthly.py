"""A part of the retailer whose files come by the month: metering, prices, quantities, trades and items.

A part is a province over some months in which its accounts stay the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ingestion.sample.config import DAYS, SLOTS, SOURCE_CENTRE, SOURCE_GRID, at, index_of
from ingestion.sample.contracts import Contract
from ingestion.sample.curves import flat_template, split_exact, typical_template, weights_on
from ingestion.sample.market import DAY_AHEAD_HEADER, PRICE_HEADER, TRADE_HEADER, cells, trade_rows
from ingestion.sample.metering import METER_HEADER, kwh_cells
from ingestion.sample.points import Point
from ingestion.sample.profiles import ESTIMATED_ON, Ints
from ingestion.sample.span import days_of, energy_on, known_after, month_end, price_on
from ingestion.sample.trades import Trade, day_ahead_quantity, expected_prices, mean_price, tenth
from ingestion.sample.trading_centre import Prices
from ingestion.sample.writer import Delivery, csv_bytes, milli

ITEM_HEADER = ["province", "delivery_month", "item_kind", "item_code", "item_name", "direction",
               "quantity_mwh", "price_cny_per_mwh"]  # fmt: skip
_DEALS = (("M1", "monthly_bilateral", "typical", 620, 6_000), ("M2", "listing", "flat", 240, 3_000))
"""Code, product, template, per mille of the plan and mark-up in 0.001 yuan/MWh."""
_ITEMS = (
    ("operation", "running_cost", "市场运行费用", 110),
    ("ancillary", "frequency", "调频辅助服务费用", 190),
)
"""Kind, code, name and 0.001 yuan per MWh of use."""
_FORMAL_DAY = 9


@dataclass(frozen=True)
class Part:
    """Accounts of one province over ``months`` (first days); ``prices`` are its market's, [365, 96].

    ``stem`` is in every file name, ``code`` before every trade's number, ``seller`` sells every trade.
    """

    province: str
    stem: str
    code: str
    seller: str
    months: Sequence[date]
    points: list[Point]
    contracts: list[Contract]
    prices: Prices

    def use_wh(self) -> Ints:
        """Add the net curves as a whole year would have them, Wh [365, 96]."""
        total = np.zeros((DAYS, SLOTS), dtype=np.int64)
        return sum((point.import_wh - point.export_wh for point in self.points), total)


def part_deliveries(part: Part) -> Iterator[Delivery]:
    """Give every file of the part."""
    use_wh = part.use_wh()
    cleared_kwh = day_ahead_quantity(use_wh)
    for month in part.months:
        yield _file(part, month, "meter_day", _meter_rows(part, month))
        yield _file(part, month, "market_price_day", _price_rows(part, month))
        quantities = [
            [part.province, str(day), *cells(energy_on(cleared_kwh, day))] for day in days_of(month)
        ]
        yield _file(part, month, "day_ahead_day", quantities)
        yield _trade_file(part, month, [_trade(part, month, use_wh, *terms) for terms in _DEALS])
        if days_of(month)[-1] == month_end(month):
            yield _file(part, month, "market_item", _item_rows(part, month, use_wh))


def _file(part: Part, month: date, feed: str, rows: list[list[str]]) -> Delivery:
    header, source, day, hour, minute = {
        "meter_day": (METER_HEADER, SOURCE_GRID, 1, 8, 30),
        "market_price_day": (PRICE_HEADER, SOURCE_CENTRE, 4, 18, 0),
        "day_ahead_day": (DAY_AHEAD_HEADER, SOURCE_CENTRE, 4, 18, 0),
        "market_item": (ITEM_HEADER, SOURCE_CENTRE, _FORMAL_DAY, 10, 0),
    }[feed]
    known = known_after(month, day, hour, minute)
    return Delivery(f"{feed}-{part.stem}-{month:%Y-%m}.csv", known, source, csv_bytes(header, rows))


def _meter_rows(part: Part, month: date) -> list[list[str]]:
    return [
        [p.metering_point_id, channel, str(day), _quality(day), *kwh_cells(energy_on(curve, day))]
        for day in days_of(month)
        for p in part.points
        for channel, curve in p.channels()
    ]


def _quality(day: date) -> str:
    return "estimated" if day == ESTIMATED_ON else "metered"


def _price_rows(part: Part, month: date) -> list[list[str]]:
    series = {"da_unified": part.prices.day_ahead, "rt_unified": part.prices.real_time}
    return [
        [part.province, name, str(day), *cells(price_on(curve, day))]
        for day in days_of(month)
        for name, curve in series.items()
    ]


def _trade(
    part: Part,
    month: date,
    use_wh: Ints,
    code: str,
    product: str,
    template: str,
    per_mille: int,
    mark_up: int,
) -> Trade:
    """Deal part of the month's planned energy at the price expected for the template."""
    expected = expected_prices(part.prices.day_ahead)
    shape = typical_template(use_wh) if template == "typical" else flat_template()
    price = tenth(mean_price(shape, (expected[0] + expected[month.month]) // 2) + mark_up)
    plan_kwh = 1000 * sum(contract.quantity_mwh.get(month.month, 0) for contract in part.contracts)
    quantity = plan_kwh * per_mille // 1000
    days = range(index_of(month), index_of(month_end(month)) + 1)
    return Trade(
        f"{part.code}{month:%Y%m}-{code}", product, "buy", part.seller, price,
        at(month - timedelta(days=12), 17), f"{part.stem}-{month:%Y-%m}", month,
        split_exact(quantity, weights_on(shape, days)), {month.month: quantity},
    )  # fmt: skip


def _trade_file(part: Part, month: date, trades: list[Trade]) -> Delivery:
    rows = [row for trade in trades for row in trade_rows(trade, part.province)]
    first = trades[0]
    return Delivery(
        f"trade_day-{first.file_stem}.csv", first.known_at, SOURCE_CENTRE, csv_bytes(TRADE_HEADER, rows)
    )


def _item_rows(part: Part, month: date, use_wh: Ints) -> list[list[str]]:
    kwh = (sum(int(energy_on(use_wh, day).sum()) for day in days_of(month)) + 500) // 1000
    return [
        [part.province, f"{month:%Y-%m}", kind, code, name, "pay", milli(kwh), milli(price)]
        for kind, code, name, price in _ITEMS
    ]

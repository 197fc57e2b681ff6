"""What the simulated trading centre announces after a month: numbers of recoveries, items beside energy.

Made up. The reference is the month's real-time mean over its slots, the market's mean of contracts that of
the sample's own trades, moved by at most 0.5 per cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from ingestion.sample.config import PROVINCE, SEED, SOURCE_CENTRE, at, month_days
from ingestion.sample.profiles import Ints
from ingestion.sample.trades import Trade
from ingestion.sample.trading_centre import Prices
from ingestion.sample.writer import Delivery, csv_bytes, milli

PARAMETER_HEADER = ["province", "delivery_month", "parameter", "value"]
ITEM_HEADER = ["province", "delivery_month", "item_kind", "item_code", "item_name", "direction",
               "quantity_mwh", "price_cny_per_mwh", "amount_cny"]  # fmt: skip
_MONTHS = range(1, 11)
_FORMAL_DAY = 9
_RATES = {
    "user_mlt_excess.upper_rate": "1.10", "user_mlt_excess.coefficient": "1.0",
    "user_mlt_shortfall.lower_rate": "0.80", "user_mlt_shortfall.coefficient": "1.0",
}  # fmt: skip
_ITEM_PRICES = (
    ("operation", "running_cost", "市场运行费用", "pay", 120),
    ("ancillary", "frequency", "调频辅助服务费用", "pay", 210),
    ("ancillary", "start_stop", "机组启停费用", "pay", 90),
)
"""kind, code, name, direction and 0.001 yuan per MWh of use."""


def notice_deliveries(prices: Prices, trades: list[Trade], use_wh: Ints) -> Iterator[Delivery]:
    """Give the announced numbers and the item list of each finished month; ``use_wh`` is Wh [365, 96]."""
    for month in _MONTHS:
        known = at(date(2026, month + 1, _FORMAL_DAY), 10)
        name = f"2026-{month:02d}"
        numbers = {**_RATES, **_means(prices, trades, month)}
        rows = [[PROVINCE, name, parameter, value] for parameter, value in numbers.items()]
        content = csv_bytes(PARAMETER_HEADER, rows)
        yield Delivery(f"market_parameter-{name}.csv", known, SOURCE_CENTRE, content)
        kwh = (int(use_wh[list(month_days(month))].sum()) + 500) // 1000
        yield Delivery(
            f"market_item-{name}.csv", known, SOURCE_CENTRE, csv_bytes(ITEM_HEADER, _items(month, kwh))
        )


def _means(prices: Prices, trades: list[Trade], month: int) -> dict[str, str]:
    """Real-time mean of the month, and the mean price of contracts for it, yuan/MWh."""
    real_time = prices.real_time[list(month_days(month))]
    signed = [(t.price, t.quantity_kwh.get(month, 0) * (1 if t.side == "buy" else -1)) for t in trades]
    own = sum(price * kwh for price, kwh in signed) // sum(kwh for _, kwh in signed)
    luck = int(np.random.default_rng([SEED, 950 + month]).integers(-5, 6))
    return {
        "mlt_reference": milli(int(real_time.sum()) // real_time.size),
        "mlt_market_mean": milli(own * (1000 + luck) // 1000),
    }


def month_items(month: int, kwh: int) -> list[tuple[str, str, str, str, str, int, str]]:
    """Items by use of ``kwh``, an unbalanced fund of either sign, and the recovered money that comes back.

    Kind, code, name, direction, MWh and 0.001 yuan/MWh where the item is by use, yuan where it is not.
    """
    items = [(*item[:4], milli(kwh), item[4], "") for item in _ITEM_PRICES]
    fund = int(np.random.default_rng([SEED, 970 + month]).integers(-80, 81)) * kwh // 1000
    way = "pay" if fund >= 0 else "receive"
    items.append(("fund", "imbalance", "不平衡资金", way, "", 0, _yuan(abs(fund))))
    returned = _yuan(kwh * 40 // 1000)
    items.append(("recovery_return", "deviation", "偏差收益回收返还", "receive", "", 0, returned))
    return items


def _items(month: int, kwh: int) -> list[list[str]]:
    """The same as rows of feed market_item."""
    return [
        [
            PROVINCE, f"2026-{month:02d}", kind, code, title, way, quantity, milli(price) if quantity else "",
            amount,
        ]
        for kind, code, title, way, quantity, price, amount in month_items(month, kwh)
    ]  # fmt: skip


def _yuan(thousandths: int) -> str:
    """Print 0.001 yuan as yuan with two decimals, cut off."""
    return f"{thousandths // 1000}.{thousandths % 1000 // 10:02d}"

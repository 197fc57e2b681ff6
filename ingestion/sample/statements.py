"""What the sample's grid company and trading centre state of September (made up): their own sums and slips.

Both know the true curves and the contracts, so that most lines agree with what is settled. The grid company
settled one account before a corrected day came (quantity), another at a price that is not the contract's, and
has a line for an earlier month that nobody announced. The trading centre leaves out one ancillary item. Only
five accounts of fixed-price contracts have a statement; the others are awaited.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np

from ingestion.sample.centre_notices import month_items
from ingestion.sample.config import (
    PROVINCE,
    SLOTS,
    SOURCE_CENTRE,
    SOURCE_GRID,
    at,
    day_of,
    index_of,
    month_days,
)
from ingestion.sample.contracts import Contract
from ingestion.sample.customer_files import SLIP_OF_THE_PEN
from ingestion.sample.defects import DEFECTS
from ingestion.sample.points import Point
from ingestion.sample.profiles import Ints
from ingestion.sample.trades import Trade
from ingestion.sample.trading_centre import Prices
from ingestion.sample.writer import Cell, Delivery, csv_bytes, milli, xlsx_bytes

MONTH = 9
ISSUED_ON = date(2026, 10, 13)
"""Fifth working day of October: the holiday ends on the 7th, Saturday the 10th is worked."""
ACCOUNTS_OF = (1, 3, 5, 7, 9)
"""Customers whose account has a statement."""
BEFORE_CORRECTION, WRONG_PRICE, UNANNOUNCED = 3, 5, 7
WRONG_BY_MILLI = -1_500
NOT_STATED = "frequency"
GRID_HEADER = ["province", "delivery_month", "subject_type", "subject_id", "item", "tou_period", "line_kind",
               "quantity_kwh", "price_cny_per_kwh", "amount_cny", "statement_no", "issued_on"]  # fmt: skip
CENTRE_HEADER = ["province", "delivery_month", "side", "item", "quantity_mwh", "mean_price_cny_per_mwh",
                 "amount_cny", "statement_no", "issued_on"]  # fmt: skip

_NAME = f"2026-{MONTH:02d}"
_NANO_PER_FEN = 10_000_000


def statement_deliveries(
    points: list[Point], contracts: list[Contract], prices: Prices, trades: list[Trade], day_ahead_kwh: Ints
) -> Iterator[Delivery]:
    """Give the workbook of the grid company and the file of the trading centre."""
    rows = [row for number in ACCOUNTS_OF for row in _grid_lines(points, contracts, number)]
    book = xlsx_bytes({"grid_statement": (GRID_HEADER, rows)})
    yield Delivery(f"grid-statement-{_NAME}.xlsx", at(ISSUED_ON, 16), SOURCE_GRID, book)
    use_wh = sum((p.net_wh() for p in points if p.account_id.endswith("01")), _zeros())
    lines = [*_energy_lines(points, use_wh, prices, trades, day_ahead_kwh), *_item_lines(use_wh)]
    head, tail = [PROVINCE, _NAME], [f"SDJY-{_NAME}", str(ISSUED_ON)]
    content = csv_bytes(CENTRE_HEADER, [[*head, *line, *tail] for line in lines])
    yield Delivery(f"centre_statement-{_NAME}.csv", at(ISSUED_ON, 17), SOURCE_CENTRE, content)


def _grid_lines(points: list[Point], contracts: list[Contract], number: int) -> Iterator[list[Cell]]:
    """The month's energy of an account at one price, and the correction of August where there is one."""
    point = next(p for p in points if p.customer.number == number)
    contract = next(c for c in contracts if c.account_id == point.account_id)
    wh = int(point.net_wh()[list(month_days(MONTH))].sum())
    price = contract.prices["all"]
    if number == BEFORE_CORRECTION:
        wh -= _lost_wh(point)
    if number == WRONG_PRICE:
        price += WRONG_BY_MILLI
    kwh = (wh + 500) // 1000
    head: list[Cell] = [PROVINCE, _NAME, "account", point.account_id, "电能量电费", "all"]
    tail: list[Cell] = [f"SDDW-{_NAME}-{point.account_id}", ISSUED_ON]
    # kWh times 0.001 yuan/MWh is 0.000001 yuan
    yield [*head, "regular", kwh, Decimal(price).scaleb(-6), _fen(kwh * price * 1000), *tail]
    if number == UNANNOUNCED:
        yield [*head, "correction", -3_690, Decimal(price).scaleb(-6), _fen(-3_690 * price * 1000), *tail]


def _lost_wh(point: Point) -> int:
    """What the account's day lacked before the grid company sent it again."""
    defect = next(d for d in DEFECTS if d.customer == point.customer.number and d.name == "correction")
    true = point.import_wh[index_of(defect.delivery_on)][defect.slots.start - 1 : defect.slots.stop - 1]
    return int((true - true * 2 // 3).sum())


def _energy_lines(
    points: list[Point], use_wh: Ints, prices: Prices, trades: list[Trade], day_ahead_kwh: Ints
) -> list[list[str]]:
    """The difference form of Shandong, slot by slot, rounded once a line (domain §4.1)."""
    days = list(month_days(MONTH))
    real_time, ahead = prices.real_time[days], prices.day_ahead[days]
    use, cleared = use_wh[days], _slot_wh(day_ahead_kwh)[days]
    held = [(_signed_wh(trade)[days], trade.price) for trade in trades]
    mlt_nano = sum(int((wh * (price - real_time)).sum()) for wh, price in held)
    return [
        _energy_line("实时电能量电费", int(use.sum()), int((use * real_time).sum())),
        _energy_line("日前市场差价电费", int(cleared.sum()), int((cleared * (ahead - real_time)).sum())),
        _energy_line("中长期合约差价电费", sum(int(wh.sum()) for wh, _ in held), mlt_nano),
        *_meter_difference(points, _half_up(int((use * real_time).sum()), int(use.sum()))),
    ]


def _meter_difference(points: list[Point], mean_milli: int) -> Iterator[list[str]]:
    """Monthly totals are in whole kWh, so that they differ from the curves; the contested one is left out."""
    days = list(month_days(MONTH))
    exact = [
        int(p.import_wh[days].sum())
        for p in points
        if p.account_id.endswith("01") and (MONTH, p.customer.number) != SLIP_OF_THE_PEN
    ]
    kwh = _half_up(sum((wh + 500) // 1000 * 1000 - wh for wh in exact), 1000)
    if kwh:
        amount = _fen(kwh * mean_milli * 1000)
        yield ["wholesale", "月末电量差电费", milli(kwh), milli(mean_milli), str(amount)]


def _energy_line(item: str, wh: int, nano: int) -> list[str]:
    """A line with its mean price, 0.001 yuan/MWh cut off below."""
    return ["wholesale", item, milli((wh + 500) // 1000), milli(_half_up(nano, wh)), str(_fen(nano))]


def _item_lines(use_wh: Ints) -> Iterator[list[str]]:
    """The items that the trading centre listed, but one; payable by the retailer is positive."""
    kwh = (int(use_wh[list(month_days(MONTH))].sum()) + 500) // 1000
    for kind, code, name, direction, quantity, price, amount in month_items(MONTH, kwh):
        if code == NOT_STATED:
            continue
        side = "recovery" if kind == "recovery_return" else "operation"
        nano = kwh * price * 1000 if quantity else int(Decimal(amount).scaleb(9))
        signed = nano if direction == "pay" else -nano
        yield [side, name, quantity, milli(price) if quantity else "", str(_fen(signed))]


def _slot_wh(hour_kwh: Ints) -> Ints:
    """Lay whole kWh of hours [n, 24] on four equal slots, Wh [n, 96]."""
    return np.repeat(hour_kwh * 250, 4, axis=1)


def _signed_wh(trade: Trade) -> Ints:
    """A trade over the sample's year, Wh [365, 96]; sold energy is negative."""
    year = _zeros()
    first = index_of(trade.first_on)
    year[first : first + len(trade.hours)] = _slot_wh(trade.hours) * (1 if trade.side == "buy" else -1)
    return year


def _zeros() -> Ints:
    return np.zeros((index_of(day_of(364)) + 1, SLOTS), dtype=np.int64)


def _half_up(numerator: int, denominator: int) -> int:
    """Divide and round half away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    return sign * ((2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator)))


def _fen(nano: int) -> Decimal:
    """Yuan with two decimals of 0.000000001 yuan, half away from zero."""
    return Decimal(_half_up(nano, _NANO_PER_FEN)).scaleb(-2)

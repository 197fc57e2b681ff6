"""The trading centre's files: prices, system series, day-ahead quantities and trades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from ingestion.sample.config import (
    CUT_AT,
    DAILY_MARKET_FROM,
    LAST_ON,
    PROVINCE,
    SOURCE_CENTRE,
    at,
    day_of,
    hour_names,
    index_of,
    month_days,
    slot_names,
)
from ingestion.sample.profiles import Ints
from ingestion.sample.system_load import System
from ingestion.sample.trades import Trade
from ingestion.sample.trading_centre import Prices
from ingestion.sample.writer import Delivery, csv_bytes, milli

PRICE_HEADER = ["province", "price_series", "delivery_on", *slot_names()]
SYSTEM_HEADER = ["province", "system_series", "delivery_on", *slot_names()]
DAY_AHEAD_HEADER = ["province", "delivery_on", *hour_names()]
TRADE_HEADER = ["trade_id", "delivery_on", "province", "product", "side", "counterparty", "price_cny_per_mwh",
                *hour_names()]  # fmt: skip

_HISTORY_DAY = 4
"""History of a month before the daily files is known on the 4th of the next month, 18:00."""


def cells(values: Ints) -> list[str]:
    """Print thousandths with three decimals."""
    return [milli(v) for v in values.tolist()]


def _series_rows(series: dict[str, Ints], days: Iterable[date]) -> list[list[str]]:
    return [
        [PROVINCE, name, str(day), *cells(curve[index_of(day)])]
        for day in days
        for name, curve in series.items()
    ]


def _daily(first: date) -> Iterator[date]:
    day = first
    while day <= LAST_ON:
        yield day
        day += timedelta(days=1)


def _history(feed: str, header: Sequence[str], series: dict[str, Ints]) -> Iterator[Delivery]:
    for month in range(1, DAILY_MARKET_FROM.month):
        rows = _series_rows(series, [day_of(i) for i in month_days(month)])
        known = at(date(2026, month + 1, _HISTORY_DAY), 18)
        yield Delivery(f"{feed}-history-2026-{month:02d}.csv", known, SOURCE_CENTRE, csv_bytes(header, rows))


def _each_day(
    stem: str, header: Sequence[str], series: dict[str, Ints], lag_days: int, hour: int, minute: int
) -> Iterator[Delivery]:
    """Give one file per delivery day, known `lag_days` after it (before it when negative)."""
    for day in _daily(DAILY_MARKET_FROM):
        known = at(day + timedelta(days=lag_days), hour, minute)
        if known > CUT_AT:
            return
        yield Delivery(
            f"{stem}-{day}.csv", known, SOURCE_CENTRE, csv_bytes(header, _series_rows(series, [day]))
        )


def price_deliveries(prices: Prices) -> Iterator[Delivery]:
    """Give the two unified price series: day-ahead known D−1 17:30, real-time D+1 09:00."""
    day_ahead, real_time = {"da_unified": prices.day_ahead}, {"rt_unified": prices.real_time}
    yield from _history("market_price_day", PRICE_HEADER, day_ahead | real_time)
    yield from _each_day("market_price_day-da_unified", PRICE_HEADER, day_ahead, -1, 17, 30)
    yield from _each_day("market_price_day-rt_unified", PRICE_HEADER, real_time, 1, 9, 0)


def system_deliveries(system: System) -> Iterator[Delivery]:
    """Give the system series: forecasts known D−1 09:30, actual load D+1 09:00."""
    forecast = {"load_forecast": system.load_forecast, "renewable_forecast": system.renewable_forecast}
    actual = {"load_actual": system.load}
    yield from _history("system_day", SYSTEM_HEADER, forecast | actual)
    yield from _each_day("system_day-forecast", SYSTEM_HEADER, forecast, -1, 9, 30)
    yield from _each_day("system_day-actual", SYSTEM_HEADER, actual, 1, 9, 0)


def day_ahead_deliveries(cleared_kwh: Ints) -> Iterator[Delivery]:
    """Give the retailer's cleared day-ahead quantity: known D−1 17:30, MWh an hour."""

    def rows(days: Iterable[date]) -> list[list[str]]:
        return [[PROVINCE, str(day), *cells(cleared_kwh[index_of(day)])] for day in days]

    for month in range(1, DAILY_MARKET_FROM.month):
        content = csv_bytes(DAY_AHEAD_HEADER, rows(day_of(i) for i in month_days(month)))
        known = at(date(2026, month + 1, _HISTORY_DAY), 18)
        yield Delivery(f"day_ahead_day-history-2026-{month:02d}.csv", known, SOURCE_CENTRE, content)
    for day in _daily(DAILY_MARKET_FROM):
        known = at(day - timedelta(days=1), 17, 30)
        if known > CUT_AT:
            return
        yield Delivery(
            f"day_ahead_day-{day}.csv", known, SOURCE_CENTRE, csv_bytes(DAY_AHEAD_HEADER, rows([day]))
        )


def trade_deliveries(trades: list[Trade]) -> Iterator[Delivery]:
    """Give one file per deal round: the year's, each month's, each rolling one."""
    rounds: dict[tuple[str, datetime], list[Trade]] = {}
    for trade in trades:
        if trade.known_at <= CUT_AT:
            rounds.setdefault((trade.file_stem, trade.known_at), []).append(trade)
    for (stem, known), dealt in rounds.items():
        rows = [row for trade in dealt for row in trade_rows(trade)]
        yield Delivery(f"trade_day-{stem}.csv", known, SOURCE_CENTRE, csv_bytes(TRADE_HEADER, rows))


def trade_rows(trade: Trade, province: str = PROVINCE) -> Iterator[list[str]]:
    """Give a trade's rows, one per delivery day."""
    for offset, hours in enumerate(trade.hours):
        day = trade.first_on + timedelta(days=offset)
        yield [trade.trade_id, str(day), province, trade.product, trade.side, trade.counterparty,
               milli(trade.price), *cells(hours)]  # fmt: skip

"""Anhui's contracts and their book (made up): fixed prices in 2025, composite packages in 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ingestion.sample.anhui.roster import PROVINCE
from ingestion.sample.config import PRIOR_ON, SOURCE_CENTRE, SOURCE_CRM, at
from ingestion.sample.contracts import Contract, quote
from ingestion.sample.curves import hourly
from ingestion.sample.points import Point
from ingestion.sample.prior_year import MONTHS_BEFORE, planned_as_used
from ingestion.sample.profiles import Ints
from ingestion.sample.sales import VERSION_HEADER, happening_known
from ingestion.sample.sales_events import EVENT_HEADER, life_of
from ingestion.sample.span import month_end
from ingestion.sample.workbooks import START_KNOWN, contract_sheets, customer_sheets
from ingestion.sample.writer import Cell, Delivery, csv_bytes, xlsx_bytes

CENTRE = "安徽电力交易中心"
YEAR = tuple(date(2026, month, 1) for month in range(1, 13))
_BOOKS_KNOWN = at(date(2025, 10, 28), 16)
_COMPOSITE = {0: "sample_composite_market", 1: "sample_composite"}
"""Package by the customer's number, even or odd."""
_SERIES_HEADER = ["province", "series_code", "delivery_month", "value", "unit", "status", "published_on",
                  "publication"]  # fmt: skip
_BENCHMARK = ("431.200", "428.700", "424.900", "421.300", "419.800", "422.600", "430.100", "432.400",
              "426.800", "424.500")  # fmt: skip
"""yuan/MWh of January to October 2026."""


def contracts_of_2025(points: list[Point], expected_milli: Ints) -> list[Contract]:
    """Sign the last two months of 2025 with the customers of then, each at a fixed price on its own curve."""
    return [
        _contract(point, 25, PRIOR_ON, {"all": quote(_net(point), expected_milli, point.customer.premium)})
        for point in points
        if point.from_on == PRIOR_ON
    ]


def contracts_of_2026(points: list[Point]) -> list[Contract]:
    """Sign 2026 with everybody; prices are those of the package."""
    return [_contract(point, 26, YEAR[0], {}) for point in points]


def _net(point: Point) -> Ints:
    return hourly(point.import_wh - point.export_wh)


def _contract(point: Point, year: int, from_on: date, prices: dict[str, int]) -> Contract:
    months = MONTHS_BEFORE if year == 25 else YEAR
    return Contract(
        contract_id=f"AH{year}-{point.customer.number:03d}-1", customer=point.customer,
        account_id=point.account_id, signed_on=date(2025, 10, 20) if year == 25 else date(2025, 12, 15),
        from_on=from_on, to_on=month_end(months[-1]), sales_channel="direct", prices=prices,
        quantity_mwh=planned_as_used(point, months),
    )  # fmt: skip


def book_deliveries(points: list[Point], before: list[Contract], now: list[Contract]) -> Iterator[Delivery]:
    """Give customers, contracts, versions, events and the monthly series that the packages refer to."""
    known = {PRIOR_ON: _BOOKS_KNOWN, YEAR[0]: START_KNOWN}
    for from_on, contracts in ((PRIOR_ON, before), (YEAR[0], now)):
        joined = [point for point in points if point.from_on == from_on]
        sheets = customer_sheets(joined) | contract_sheets(contracts, PROVINCE)
        name = f"{PROVINCE}-{from_on:%Y-%m}.xlsx"
        yield Delivery(name, known[from_on], SOURCE_CRM, xlsx_bytes(sheets))
    versions: list[list[Cell]] = [
        [one.contract_id, 1, "2026-01", _COMPOSITE[one.customer.number % 2], "1", None] for one in now
    ]
    book = xlsx_bytes({"contract_version": (VERSION_HEADER, versions)})
    yield Delivery(f"{PROVINCE}-versions-2025-12.xlsx", START_KNOWN, SOURCE_CRM, book)
    linked = csv_bytes(
        ["contract_id", "input", "effective_from", "series_code"],
        [[one.contract_id, "ref", "2026-01", "rt_unified"] for one in now],
    )
    yield Delivery(f"contract_series-{PROVINCE}-2025-12.csv", START_KNOWN, SOURCE_CRM, linked)
    yield from _events(before, now)
    yield from _benchmark()


def _events(before: list[Contract], now: list[Contract]) -> Iterator[Delivery]:
    successors = {one.customer.number: one.contract_id for one in now}
    lives = [(one, successors[one.customer.number]) for one in before]
    lives_now = [(one, None) for one in now]
    happened = [
        event
        for one, next_id in (*lives, *lives_now)
        for event in life_of(one, next_id, changes=False, centre=CENTRE)
    ]
    for known_at in sorted({happening_known(one.happened_on) for one in happened}):
        rows = [one.row() for one in happened if happening_known(one.happened_on) == known_at]
        book = xlsx_bytes({"contract_event": (EVENT_HEADER, rows)})
        yield Delivery(f"contract-events-{PROVINCE}-{known_at:%Y-%m-%d}.xlsx", known_at, SOURCE_CRM, book)


def _benchmark() -> Iterator[Delivery]:
    for month, value in enumerate(_BENCHMARK, start=1):
        published = date(2026, month + 1, 5)
        row = [PROVINCE, "base", f"2026-{month:02d}", value, "cny_per_mwh", "final",
               str(published), f"皖价通〔2026〕{month}号"]  # fmt: skip
        name = f"reference_series-{PROVINCE}-2026-{month:02d}.csv"
        yield Delivery(name, at(published, 15), SOURCE_CENTRE, csv_bytes(_SERIES_HEADER, [row]))

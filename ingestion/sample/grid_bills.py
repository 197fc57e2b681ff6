"""What the sample's grid bills need (made up): monthly price tables, declared demand, reactive registers.

The prices are of a size that Shandong's tables have, and say that they are illustrative. The table of October
is corrected in November.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from ingestion.sample.config import CUT_AT, PROVINCE, SOURCE_CRM, SOURCE_GRID, at
from ingestion.sample.metering import REGISTER_HEADER, register_kwh
from ingestion.sample.points import Point
from ingestion.sample.workbooks import START_KNOWN
from ingestion.sample.writer import Cell, Delivery, csv_bytes, xlsx_bytes

TARIFF_HEADER = ["province", "delivery_month", "component", "item", "price_cny_per_kwh", "document",
                 "published_on", "basis"]  # fmt: skip
DEMAND_HEADER = ["account_id", "delivery_month", "charge_basis", "declared_kw"]
CORRECTED_MONTH, CORRECTED_AT = 10, at(date(2026, 11, 6), 15)

_ITEMS: tuple[tuple[str, str, str], ...] = (
    ("line_loss", "", "0.012900"),
    ("capacity_compensation", "", "0.070500"),
    ("pumped_storage", "", "0.006320"),
    ("coal_capacity", "", "0.025800"),
    ("ancillary", "", "0.001150"),
    ("system_operation", "renewable_difference", "0.018400"),
    ("system_operation", "cross_subsidy", "0.004600"),
    ("funds", "", "0.027163"),
)
"""Component, item, yuan/kWh: the same every month but for the agency price."""
_AGENCY_MILLI = (438, 431, 417, 409, 404, 418, 447, 445, 428, 424, 432)
"""Agency price of January to November, 0.001 yuan/kWh."""
_CORRECTED = Decimal("0.012985")
_BY_CAPACITY = 5
"""Customers by number modulo this: 0 is billed by capacity, the others by demand."""


def grid_bill_deliveries(points: list[Point]) -> Iterator[Delivery]:
    """Give every such file known by the cut."""
    for month in range(1, 12):
        known = at(date(2026, month, 1) - timedelta(days=2), 17)
        table = csv_bytes(TARIFF_HEADER, _price_table(month))
        yield Delivery(f"agency_tariff-2026-{month:02d}.csv", known, SOURCE_GRID, table)
    again = _line(CORRECTED_MONTH, "line_loss", "", str(_CORRECTED))
    yield Delivery(
        f"agency_tariff-2026-{CORRECTED_MONTH}-corrected.csv", CORRECTED_AT, SOURCE_GRID,
        csv_bytes(TARIFF_HEADER, [again]),
    )  # fmt: skip
    two_part = [p for p in points if p.tariff_class == "two_part"]
    for from_on in sorted({p.from_on for p in two_part}):
        rows = [row for p in two_part if p.from_on == from_on for row in _declared(p)]
        book = xlsx_bytes({"declared_demand": (DEMAND_HEADER, rows)})
        known = max(START_KNOWN, at(from_on - timedelta(days=1), 16))
        yield Delivery(f"declared-demand-{from_on:%Y-%m}.xlsx", known, SOURCE_CRM, book)
    yield from _reactive_registers(points)


def _price_table(month: int) -> list[list[str]]:
    agency = f"{Decimal(_AGENCY_MILLI[month - 1]) / 1000:.6f}"
    return [_line(month, "energy", "", agency), *(_line(month, *item) for item in _ITEMS)]


def _line(month: int, component: str, item: str, price: str) -> list[str]:
    published = str(date(2026, month, 1) - timedelta(days=2))
    document = f"样本电网公司2026年{month}月代理购电价格表"
    return [PROVINCE, f"2026-{month:02d}", component, item, price, document, published, "illustrative"]


def _declared(point: Point) -> Iterator[list[Cell]]:
    """The same all year: by capacity, or 48 to 72 per cent of the capacity, so that some months exceed it."""
    number = point.customer.number
    for month in range(point.from_on.month, 12):
        head: list[Cell] = [point.account_id, f"2026-{month:02d}"]
        if number % _BY_CAPACITY == 0:
            yield [*head, "capacity", None]
        else:
            yield [*head, "demand", point.capacity_kva * (48 + number * 7 % 25) // 1000 * 10]


def _reactive_registers(points: list[Point]) -> Iterator[Delivery]:
    """Reactive registers frozen with the active ones; reactive energy is a fixed share of active energy."""
    for month in range(1, 13):
        read_at = at(date(2026, month, 1), 0)
        known = at(date(2026, month, 1), 9)
        if known > CUT_AT:
            return
        rows = [
            [
                p.metering_point_id, "reactive_import", read_at.isoformat(), "monthly_freeze",
                register_kwh(p, "reactive_import", p.import_wh * _reactive_per_mille(p) // 1000, month),
            ]
            for p in points
            if p.from_on <= read_at.date()
        ]  # fmt: skip
        name = f"register_reading-reactive-2026-{month:02d}.csv"
        yield Delivery(name, known, SOURCE_GRID, csv_bytes(REGISTER_HEADER, rows))


def _reactive_per_mille(point: Point) -> int:
    """tan φ in 0.001: power factors from 0.86 to 0.97."""
    return 250 + point.customer.number * 37 % 340

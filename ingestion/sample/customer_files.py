"""Files beside the meter readings: the grid company's monthly totals, customers' plans and key figures.

Totals are true sums of the curves, in 万kWh to the kilowatt-hour, but for one made-up slip of the pen. Plans
and figures are made up: output follows the customer's energy of a week, or of the month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from ingestion.sample.config import CUT_AT, LATE_AT, SOURCE_GRID, at, day_of, index_of, month_days
from ingestion.sample.defects import DEFECTS, missed_wh
from ingestion.sample.points import IMPORT, Point
from ingestion.sample.writer import Cell, Delivery, csv_bytes, xlsx_bytes

TOTAL_HEADER = ["subject_type", "subject_id", "channel", "delivery_month", "energy", "unit"]
PLAN_HEADER = ["subject_type", "subject_id", "plan_on", "shift", "planned_output", "output_unit",
               "planned_stop", "expected_energy_kwh"]  # fmt: skip
KPI_HEADER = ["customer_id", "kpi_month", "kpi_code", "value", "unit"]
SOURCE_CUSTOMER = "customer"

SLIP_OF_THE_PEN = 9, 15
"""(month, customer): this total was stated with two digits exchanged."""
PLANNERS = {2: ("t", 620), 6: ("t", 1_450), 23: ("件", 38)}
"""Customers who send plans and figures: unit of output and kWh per unit (made up)."""
PLAN_MONTH = 11


def customer_file_deliveries(points: list[Point]) -> Iterator[Delivery]:
    """Give every such file known by the cut."""
    planners = [p for p in points if p.customer.number in PLANNERS and p.account_id.endswith("01")]
    for month in range(1, 12):
        known = at(date(2026, month + 1, 5), 10)
        if known > CUT_AT:
            break
        rows = [
            _first_total(point, month) for point in points if point.from_on <= day_of(month_days(month)[0])
        ]
        content = csv_bytes(TOTAL_HEADER, rows)
        yield Delivery(f"month_energy-2026-{month:02d}.csv", known, SOURCE_GRID, content)
        figures = [row for point in planners for row in _figures(point, month)]
        book = xlsx_bytes({"customer_kpi": (KPI_HEADER, figures)})
        yield Delivery(f"key-figures-2026-{month:02d}.xlsx", known, SOURCE_CUSTOMER, book)
    plans = [_plan(point, index) for point in planners for index in month_days(PLAN_MONTH)]
    book = xlsx_bytes({"production_plan": (PLAN_HEADER, plans)})
    yield Delivery(f"plans-2026-{PLAN_MONTH}.xlsx", at(date(2026, 10, 30), 15), SOURCE_CUSTOMER, book)


def _month_kwh(point: Point, month: int, missed_wh: int = 0) -> int:
    """Import of a month, rounded half up to kWh."""
    return (int(point.import_wh[list(month_days(month))].sum()) - missed_wh + 500) // 1000


def total_row(point: Point, month: int) -> list[str]:
    """Give the true total of a month as the grid company states it."""
    return _total_row(point, month, _month_kwh(point, month))


def _first_total(point: Point, month: int) -> list[str]:
    """What was metered wrong and is found only later is missing in the total, too."""
    missed = sum(
        missed_wh(point.import_wh[index_of(defect.delivery_on)].tolist(), defect)
        for defect in DEFECTS
        if defect.repaired_at == LATE_AT
        and (defect.customer, defect.delivery_on.month) == (point.customer.number, month)
    )
    kwh = _month_kwh(point, month, missed)
    if (month, point.customer.number) == SLIP_OF_THE_PEN:
        digits = str(kwh)
        kwh = int(digits[0] + digits[2] + digits[1] + digits[3:])
    return _total_row(point, month, kwh)


def _total_row(point: Point, month: int, kwh: int) -> list[str]:
    stated = f"{Decimal(kwh).scaleb(-4):.4f}"
    return ["account", point.account_id, IMPORT, f"2026-{month:02d}", stated, "万kWh"]


def _figures(point: Point, month: int) -> list[list[Cell]]:
    """Output that the month's energy would make at the customer's usual unit consumption, ± 2 %."""
    unit, usual = PLANNERS[point.customer.number]
    kwh = _month_kwh(point, month)
    output = kwh * 100 // (usual * (98 + (month * 7 + point.customer.number) % 5))
    used = (Decimal(kwh) / output).quantize(Decimal("0.01"))
    head: list[Cell] = [point.customer.customer_id, f"2026-{month:02d}"]
    return [[*head, "output", output, unit], [*head, "unit_consumption", used, f"kWh/{unit}"]]


def _plan(point: Point, index: int) -> list[Cell]:
    """The energy of the same weekday of the last whole week of October; no production on Sundays."""
    unit, usual = PLANNERS[point.customer.number]
    day = day_of(index)
    like = date(2026, 10, 19) + timedelta(days=day.weekday())
    expected = int(point.import_wh[index_of(like)].sum()) // 1000
    stops = day.weekday() == 6
    output = 0 if stops else expected // usual
    head: list[Cell] = ["customer", point.customer.customer_id, day, None]
    return [*head, output, unit, "yes" if stops else "no", expected // 2 if stops else expected]

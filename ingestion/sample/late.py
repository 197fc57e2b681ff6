"""What comes after the cut, when months are closed already: a day of one of them is corrected.

The grid company sends the day and the account's total of the month again.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.sample.config import LATE_AT, SOURCE_GRID
from ingestion.sample.customer_files import TOTAL_HEADER, total_row
from ingestion.sample.defects import DEFECTS
from ingestion.sample.metering import day_rows, repair_delivery
from ingestion.sample.points import Point
from ingestion.sample.writer import Delivery, csv_bytes


def late_deliveries(points: list[Point]) -> Iterator[Delivery]:
    """Give every file of that moment."""
    for defect in (one for one in DEFECTS if one.repaired_at == LATE_AT):
        yield repair_delivery(points, defect, day_rows(points, defect.delivery_on))
        (point,) = [one for one in points if one.customer.number == defect.customer]
        total = csv_bytes(TOTAL_HEADER, [total_row(point, defect.delivery_on.month)])
        name = f"month_energy-{defect.delivery_on:%Y-%m}-again-{LATE_AT.date()}.csv"
        yield Delivery(name, LATE_AT, SOURCE_GRID, total)

"""Live readings as a delivery, and curves as they landed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from ingestion.connectors.base import Delivery
from ingestion.connectors.readings import delivery_of, reading
from ingestion.feeds.columns import CHINA

Reading = tuple[str, str, str, str]
POINT_HEADER = "metering_point_id,effective_from,account_id,meter_id,ct_ratio,pt_ratio,net_rule"
SLOTS = [f"p{slot:02d}" for slot in range(1, 97)]
IMPORT = "active_import"


def live_delivery(readings: Sequence[Reading], name: str = "1") -> Delivery:
    """One delivery of live registers; moments of 2026, UTC+8."""
    records = [
        reading(
            point, channel, datetime.fromisoformat(f"2026-{at}").replace(tzinfo=CHINA), "live", Decimal(kwh)
        )
        for point, channel, at, kwh in readings
    ]
    return delivery_of(records, name, "meters")


def landed_days(engine: sa.Engine, day: date) -> list[tuple[str, str, int, str, list[int | None]]]:
    """Point, channel, version, source and slots of every version of the day."""
    query = (
        f"select metering_point_id, channel, version, source, array[{', '.join(SLOTS)}] as slots "
        "from landing.meter_day where delivery_on = :day order by 1, 2, 3"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query), {"day": day})]

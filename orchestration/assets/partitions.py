"""The calendars of the assets: delivery days and delivery months in market time."""

from datetime import date

import dagster as dg

# Under daily watch from here on: Dagster writes two events per asset and day, and a year of history, which
# comes in with the first deliveries anyway, would take it longer than the whole pipeline.
FIRST_DAY = "2026-09-01"
FIRST_MONTH = "2026-01-01"
MARKET_TIME_ZONE = "Asia/Shanghai"

DELIVERY_DAYS = dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone=MARKET_TIME_ZONE, end_offset=2)
DELIVERY_MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_MONTH, timezone=MARKET_TIME_ZONE, end_offset=1
)


def selected_dates(context: dg.AssetExecutionContext) -> list[date]:
    """The delivery days, or first days of months, that this run was asked for."""
    return [date.fromisoformat(key[:10]) for key in context.partition_keys]


def range_tags(first: date, last: date) -> dict[str, str]:
    """Tags of a single run over a range of partitions."""
    return {"dagster/asset_partition_range_start": f"{first}", "dagster/asset_partition_range_end": f"{last}"}

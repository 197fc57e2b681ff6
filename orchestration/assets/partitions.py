"""The calendars of the assets: delivery days and delivery months in market time.

They have a fixed first and last day: what is a partition must not depend on the machine's clock.
"""

from datetime import date

import dagster as dg

MARKET_TIME_ZONE = "Asia/Shanghai"
# Under daily watch from here on: Dagster writes two events per asset and day, and a year of history, which
# comes in with the first deliveries anyway, would take it longer than the whole pipeline.
FIRST_DAY = "2026-09-01"
FIRST_MONTH = "2025-01-01"
END = "2028-01-01"

# An offset beyond the last day: without one Dagster ends every calendar at the machine's clock. It counts the
# offset out, day by day and several times a run.
_BEYOND = 1_000

DELIVERY_DAYS = dg.DailyPartitionsDefinition(FIRST_DAY, END, timezone=MARKET_TIME_ZONE, end_offset=_BEYOND)
FORECAST_DAYS = dg.DailyPartitionsDefinition(FIRST_MONTH, END, timezone=MARKET_TIME_ZONE, end_offset=_BEYOND)
DELIVERY_MONTHS = dg.MonthlyPartitionsDefinition(
    FIRST_MONTH, END, timezone=MARKET_TIME_ZONE, end_offset=_BEYOND
)


def selected_dates(context: dg.AssetExecutionContext) -> list[date]:
    """The delivery days, or first days of months, that this run was asked for."""
    return [date.fromisoformat(key[:10]) for key in context.partition_keys]


def range_tags(first: date, last: date) -> dict[str, str]:
    """Tags of a single run over a range of partitions."""
    return {"dagster/asset_partition_range_start": f"{first}", "dagster/asset_partition_range_end": f"{last}"}

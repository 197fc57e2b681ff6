"""Metered energy of one metering point, channel and day, in 96 slots.

Primary side: the grid company has already applied the CT and PT ratios. Domain §6.
"""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, TextColumn
from ingestion.feeds.curve import Curve

CHANNELS = ("active_import", "active_export", "reactive_import", "reactive_export")

FEED = Feed(
    name="meter_day",
    title="Metered energy per metering point, channel and day: 96 slots of 15 minutes, Wh, primary side",
    key=("metering_point_id", "channel", "delivery_on"),
    columns=(
        TextColumn("metering_point_id", "metering point as in feed metering_point"),
        Choice("channel", "what the meter counted", choices=CHANNELS),
        Day("delivery_on", "delivery day, UTC+8"),
        Choice(
            "quality",
            "estimated when the grid company filled the day; blank = metered",
            required=False,
            default="metered",
            choices=("metered", "estimated"),
            own=("edited",),
        ),
    ),
    # import and export are separate channels, so a negative slot is always a fault; net is computed in SQL
    curve=Curve("p", 96, unit="kWh", landing_unit="Wh", minimum=0),
    month_column="delivery_on",
    keeps_source=True,
    flags_slots=True,
)

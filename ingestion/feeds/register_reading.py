"""Register readings (表码) at a moment: daily and monthly freezes, on the meter's own (secondary) side.

Energy between two readings = difference x CT ratio x PT ratio. Domain §6.
"""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, Instant, TextColumn
from ingestion.feeds.meter_day import CHANNELS

FEED = Feed(
    name="register_reading",
    title="Frozen register readings per metering point, channel and moment, kWh, meter (secondary) side",
    key=("metering_point_id", "channel", "read_at"),
    columns=(
        TextColumn("metering_point_id", "metering point as in feed metering_point"),
        Choice("channel", "what the meter counted", choices=CHANNELS),
        Instant("read_at", "moment of the reading; UTC+8 unless it carries an offset"),
        Choice("kind", "which freeze this is", choices=("monthly_freeze", "daily_freeze")),
        DecimalColumn(
            "register_kwh",
            "register as shown by the meter, before CT and PT ratio",
            unit="kWh",
            precision=14,
            scale=2,
            minimum="0",
        ),
    ),
)

"""Register readings (表码) and maximum demand (最大需量) at a moment, on the meter's own (secondary) side.

Live readings, daily and monthly freezes share the feed; a reading of one kind never replaces one of another.
Energy between two readings = difference x CT ratio x PT ratio. Domain §6.
"""

from sqlalchemy import Index, text

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, Instant, TextColumn
from ingestion.feeds.meter_day import CHANNELS

FREEZES = ("monthly_freeze", "daily_freeze")
LIVE = "live"

FEED = Feed(
    name="register_reading",
    title=(
        "Register readings and maximum demand per metering point, channel, kind and moment, "
        "meter (secondary) side: live readings, daily and monthly freezes"
    ),
    key=("metering_point_id", "channel", "kind", "read_at"),
    columns=(
        TextColumn("metering_point_id", "metering point as in feed metering_point"),
        Choice("channel", "what the meter counted", choices=CHANNELS),
        Instant("read_at", "moment of the reading; UTC+8 unless it carries an offset"),
        Choice("kind", "a freeze of the meter, or a live reading", choices=(*FREEZES, LIVE)),
        DecimalColumn(
            "register_kwh",
            "register as shown by the meter, before CT and PT ratio",
            required=False,
            unit="kWh",
            precision=14,
            scale=2,
            minimum="0",
        ),
        DecimalColumn(
            "max_demand_kw",
            "maximum demand that the meter shows at read_at, before CT and PT ratio",
            required=False,
            unit="kW",
            precision=12,
            scale=4,
            minimum="0",
        ),
        Instant("max_demand_at", "moment at which the maximum demand occurred", required=False),
    ),
    at_least_one=(("register_kwh", "max_demand_kw"),),
)

# today's curve reads the last days of all points, and the few freezes are found among many live readings
Index(
    "ix_register_reading_live",
    FEED.table.c.read_at,
    FEED.table.c.batch_id,
    postgresql_where=text(f"kind = '{LIVE}'"),
)
Index(
    "ix_register_reading_freeze",
    FEED.table.c.batch_id,
    postgresql_where=text(f"kind <> '{LIVE}'"),
)

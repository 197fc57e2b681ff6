"""The retailer's own cleared day-ahead quantity per day."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Day, Province
from ingestion.feeds.curve import Curve

FEED = Feed(
    name="day_ahead_day",
    title="Cleared day-ahead quantity of the retailer per delivery day: 24 hours, kWh",
    key=("province", "delivery_on"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong"),
        Day("delivery_on", "delivery day, UTC+8"),
    ),
    curve=Curve("h", 24, unit="MWh", landing_unit="kWh", minimum=0, blank_allowed=False),
)

"""System load and renewable output per day, forecast or actual, as the market operator publishes them."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, Province
from ingestion.feeds.curve import Curve

SYSTEM_SERIES = ("load_forecast", "renewable_forecast", "load_actual")

FEED = Feed(
    name="system_day",
    title="System quantities per series and delivery day: 96 slots, kW",
    key=("province", "system_series", "delivery_on"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong"),
        Choice("system_series", "what the curve is", choices=SYSTEM_SERIES),
        Day("delivery_on", "delivery day, UTC+8"),
    ),
    curve=Curve("p", 96, unit="MW", landing_unit="kW", minimum=0),
)

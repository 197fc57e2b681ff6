"""Published spot prices per day; negative prices are real, a blank slot is not a zero."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, Province
from ingestion.feeds.curve import Curve

FEED = Feed(
    name="market_price_day",
    title="Spot prices per series and delivery day: 96 slots, 0.001 yuan/MWh, VAT included",
    key=("province", "price_series", "delivery_on"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong"),
        Choice(
            "price_series",
            "unified price, day-ahead or real-time; price of the own node; market mean of contracts",
            choices=("da_unified", "rt_unified", "node", "mlt_market_mean"),
        ),
        Day("delivery_on", "delivery day, UTC+8"),
    ),
    curve=Curve("p", 96, unit="yuan/MWh", landing_unit="0.001 yuan/MWh", minimum=None),
)

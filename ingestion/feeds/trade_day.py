"""Medium- and long-term trades, broken down to delivery day and hour (分解曲线)."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, Province, TextColumn
from ingestion.feeds.curve import Curve

PRODUCTS = ("annual_bilateral", "monthly_bilateral", "monthly_auction", "listing", "rolling")

FEED = Feed(
    name="trade_day",
    title="Medium- and long-term trades per delivery day: 24 hours, kWh, price with VAT",
    key=("trade_id", "delivery_on"),
    columns=(
        TextColumn("trade_id", "number of the trade at the trading centre"),
        Day("delivery_on", "delivery day, UTC+8"),
        Province("province", "province code in lower case, e.g. shandong"),
        Choice("product", "market product", choices=PRODUCTS),
        Choice("side", "buy or sell, seen from the retailer", choices=("buy", "sell")),
        TextColumn("counterparty", "the other side, or the trading centre", required=False),
        DecimalColumn("price_cny_per_mwh", "price with VAT", unit="yuan/MWh"),
    ),
    # the direction is in side, so quantities are never negative; an hour without trade is 0, not blank
    curve=Curve("h", 24, unit="MWh", landing_unit="kWh", minimum=0, blank_allowed=False),
)

"""Prices of a contract: one for all hours, or one per time-of-use period. Domain §3, packages 1 and 2."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, TextColumn

PERIODS = ("all", "sharp", "peak", "flat", "valley", "deep_valley")

FEED = Feed(
    name="contract_price",
    title="Contract prices per component and time-of-use period, VAT included",
    key=("contract_id", "component", "period"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract"),
        Choice("component", "what the price is for", choices=("energy",)),
        Choice("period", "time-of-use period; all = one price for every hour", choices=PERIODS),
        DecimalColumn("price_cny_per_mwh", "price with VAT", unit="yuan/MWh"),
    ),
)

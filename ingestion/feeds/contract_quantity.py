"""Contracted energy per month, against which execution is measured."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import DecimalColumn, Month, TextColumn

FEED = Feed(
    name="contract_quantity",
    title="Contracted energy per contract and delivery month",
    key=("contract_id", "delivery_month"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract"),
        Month("delivery_month", "delivery month"),
        DecimalColumn("quantity_mwh", "contracted energy", unit="MWh", precision=14, minimum="0"),
    ),
)

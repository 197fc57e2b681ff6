"""Retail contracts: who, where, which package type, from when to when."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, Province, TextColumn

FEED = Feed(
    name="contract",
    title="Retail contracts of customers",
    key=("contract_id",),
    columns=(
        TextColumn("contract_id", "number of the contract"),
        TextColumn("customer_id", "customer as in feed customer"),
        Province("province", "province code in lower case, e.g. shandong"),
        Choice("package_type", "price package", choices=("fixed", "tou_fixed")),
        Day("signed_on", "day of signature; blank until it is signed", required=False),
        Day("effective_from", "first delivery day"),
        Day("effective_to", "last delivery day, included"),
        TextColumn("sales_channel", "direct, or the name of the agent", required=False),
    ),
    in_order=(("effective_from", "effective_to"),),
)

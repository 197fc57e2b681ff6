"""Business customers, dated: a change of name or manager is a record with a later ``effective_from``."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Day, TextColumn

FEED = Feed(
    name="customer",
    title="Customers with their name, industry and account manager, by date of validity",
    key=("customer_id", "effective_from"),
    columns=(
        TextColumn("customer_id", "the retailer's own number of the customer"),
        Day("effective_from", "first day on which this record holds"),
        TextColumn("customer_name", "legal name, Chinese"),
        TextColumn("customer_name_en", "name for English statements", required=False),
        TextColumn("industry", "industry, free text", required=False),
        TextColumn("manager_username", "login of the account manager who sees this customer", required=False),
        Day("effective_to", "last day on which it holds, included; blank = open end", required=False),
    ),
    in_order=(("effective_from", "effective_to"),),
)

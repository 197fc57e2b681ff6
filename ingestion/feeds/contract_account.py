"""Which accounts a contract covers, dated, so that an account can change contract on a day."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Day, TextColumn

FEED = Feed(
    name="contract_account",
    title="Accounts covered by a contract, by date of validity",
    key=("contract_id", "account_id", "effective_from"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract"),
        TextColumn("account_id", "account as in feed account"),
        Day("effective_from", "first delivery day of this account under the contract"),
        Day("effective_to", "last day on which it holds, included; blank = open end", required=False),
    ),
    in_order=(("effective_from", "effective_to"),),
)

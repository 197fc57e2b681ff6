"""Accounts (户号) of customers: voltage, tariff class, transformer capacity and power-factor standard."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, TextColumn, Whole

FEED = Feed(
    name="account",
    title="Grid accounts (户号) of customers, by date of validity",
    key=("account_id", "effective_from"),
    columns=(
        TextColumn("account_id", "account number of the grid company (户号)"),
        Day("effective_from", "first day on which this record holds"),
        TextColumn("customer_id", "customer as in feed customer"),
        TextColumn("voltage_level", "supply voltage as on the grid bill, e.g. 10kV"),
        Choice("tariff_class", "single or two-part grid tariff", choices=("single", "two_part")),
        Whole("capacity_kva", "transformer capacity", unit="kVA", minimum=1, maximum=2_000_000),
        DecimalColumn(
            "pf_standard",
            "power-factor standard: 0.80, 0.85 or 0.90",
            precision=3,
            scale=2,
            minimum="0.50",
            maximum="1.00",
        ),
        Day("effective_to", "last day on which it holds, included; blank = open end", required=False),
        Choice(
            "metered_side",
            "side of the transformer that is metered; needed where the price table tells them apart",
            required=False,
            choices=("high", "low"),
            synonyms=(("高供高计", "high"), ("高供低计", "low")),
        ),
    ),
    in_order=(("effective_from", "effective_to"),),
)

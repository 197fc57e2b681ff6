"""Metering points (计量点) of accounts, with meter, CT and PT ratio, and the rule for net energy."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, TextColumn

FEED = Feed(
    name="metering_point",
    title="Metering points (计量点) of accounts, by date of validity",
    key=("metering_point_id", "effective_from"),
    columns=(
        TextColumn("metering_point_id", "number of the metering point"),
        Day("effective_from", "first day on which this record holds"),
        TextColumn("account_id", "account as in feed account"),
        TextColumn("meter_id", "number on the meter"),
        DecimalColumn("ct_ratio", "current transformer ratio, 150/5 = 30", precision=9, minimum="0.001"),
        DecimalColumn("pt_ratio", "voltage transformer ratio, 10000/100 = 100", precision=9, minimum="0.001"),
        Choice(
            "net_rule",
            "how net energy follows from the channels",
            choices=("import_only", "import_minus_export"),
        ),
        Day("effective_to", "last day on which it holds, included; blank = open end", required=False),
        TextColumn(
            "main_point_id", "main metering point (总表) that this point is a sub-point of", required=False
        ),
    ),
    in_order=(("effective_from", "effective_to"),),
)

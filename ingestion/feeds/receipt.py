"""Payments that came in for invoices."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Day, DecimalColumn, TextColumn

FEED = Feed(
    name="receipt",
    title="Payments received for invoices",
    title_zh="回款:按发票",
    key=("receipt_id",),
    columns=(
        TextColumn("receipt_id", "number of the receipt", note_zh="回款编号"),
        TextColumn("invoice_id", "invoice as in feed invoice", note_zh="发票号"),
        Day("received_on", "day on which the money came in", note_zh="到账日期"),
        DecimalColumn(
            "amount_cny", "amount received; negative = paid back", unit="yuan", precision=16, scale=2,
            note_zh="到账金额(元);退款为负",
        ),
    ),
)  # fmt: skip

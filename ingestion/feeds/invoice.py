"""Invoices to customers for the energy of a contract and month."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Day, DecimalColumn, Month, TextColumn

FEED = Feed(
    name="invoice",
    title="Invoices per contract and delivery month",
    title_zh="发票:按合同和电量月份",
    key=("invoice_id",),
    columns=(
        TextColumn("invoice_id", "number of the invoice", note_zh="发票号"),
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        Month("delivery_month", "delivery month that it is for", note_zh="电量月份"),
        Day("issued_on", "day of issue", note_zh="开票日期"),
        Day("due_on", "last day for payment, included", note_zh="付款截止日期"),
        DecimalColumn(
            "amount_cny", "amount with VAT; negative = credit note", unit="yuan", precision=16, scale=2,
            note_zh="金额(元,含税);红字发票为负",
        ),
        DecimalColumn(
            "vat_rate", "VAT rate (0.13 = 13 %)", unit="share of one", precision=5, scale=4,
            minimum="0", maximum="1", note_zh="增值税率(0.13=13%)",
        ),
    ),
    in_order=(("issued_on", "due_on"),),
)  # fmt: skip

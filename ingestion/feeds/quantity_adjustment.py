"""Requests for another quantity of a contract's delivery month. SQL judges them by the contract."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Day, DecimalColumn, Month, TextColumn, Whole

FEED = Feed(
    name="quantity_adjustment",
    title="Requests to adjust the contracted quantity of a delivery month",
    title_zh="月度合同电量调整申请",
    key=("contract_id", "delivery_month", "adjustment_no"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        Month("delivery_month", "delivery month whose quantity is to change", note_zh="调整的交割月"),
        Whole(
            "adjustment_no", "1, 2, ... per contract and month", minimum=1, maximum=999,
            note_zh="该合同该月的第几次申请",
        ),
        DecimalColumn(
            "adjusted_mwh",
            "the quantity asked for, not the difference",
            unit="MWh",
            precision=14,
            minimum="0",
            note_zh="申请后的电量(不是差额)",
        ),
        Day("requested_on", "day of the request", note_zh="申请日期"),
        TextColumn("requested_by", "who asked: the customer's or the retailer's person", note_zh="申请人"),
        TextColumn("reason", "why", required=False, note_zh="原因"),
    ),
)  # fmt: skip

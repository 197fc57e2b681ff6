"""Green energy of a contract in a month: what was agreed, what the paired generator fed in, certificates."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import DecimalColumn, Month, TextColumn, Whole

FEED = Feed(
    name="contract_green",
    title="Green energy per contract and delivery month: agreed, generated, certified",
    title_zh="合同绿电:约定电量、机组上网电量、绿证",
    key=("contract_id", "delivery_month"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        Month("delivery_month", "delivery month", note_zh="交割月"),
        DecimalColumn(
            "green_contract_mwh", "agreed green energy", unit="MWh", precision=14, minimum="0",
            note_zh="合同绿电电量",
        ),
        DecimalColumn(
            "generation_mwh", "what the paired generator fed in", unit="MWh", precision=14, minimum="0",
            note_zh="配对机组上网电量",
        ),
        Whole("certificates", "green certificates received", required=False, note_zh="收到的绿证张数"),
    ),
)  # fmt: skip

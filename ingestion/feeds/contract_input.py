"""Numbers of a contract-month that its package reads and nothing else in the house knows.

Examples: the base value of a coal index, fees incurred before a termination, inputs of a ``custom`` formula.
"""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import DecimalColumn, Month, TextColumn

FEED = Feed(
    name="contract_input",
    title="Given inputs of packages per contract and delivery month",
    title_zh="按合同和月份给定的套餐输入",
    key=("contract_id", "delivery_month", "input", "period"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        Month("delivery_month", "delivery month", note_zh="交割月"),
        TextColumn(
            "input", "input of the package (docs/packages.md); it goes before what the warehouse knows",
            max_length=63, note_zh="套餐输入名称,优先于系统数据",
        ),
        TextColumn(
            "period", "period that the number is for; all (or blank) = the month", required=False,
            default="all", max_length=63, note_zh="时段;空白或 all 为全月",
        ),
        DecimalColumn("value", "the number, in the input's unit", precision=20, scale=6, note_zh="数值"),
    ),
)  # fmt: skip

"""Performance guarantees: who vouches for whom, for how much and until when."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, Province, TextColumn

FEED = Feed(
    name="guarantee",
    title="Performance guarantees and their terms",
    title_zh="履约保函与保险",
    key=("guarantee_id",),
    columns=(
        TextColumn("guarantee_id", "number of the guarantee", note_zh="保函编号"),
        Province("province", "province code in lower case, e.g. shandong", note_zh="省份代码(小写)"),
        Choice(
            "guarantee_kind",
            "bank guarantee, insurance, cash deposit or a parent's guarantee",
            choices=("bank_guarantee", "insurance", "deposit", "parent_guarantee"),
            synonyms=(
                ("银行保函", "bank_guarantee"), ("履约保险", "insurance"), ("保证金", "deposit"),
                ("母公司担保", "parent_guarantee"),
            ),
            note_zh="类别:银行保函、履约保险、保证金、母公司担保",
        ),
        TextColumn("issuer", "who vouches", note_zh="出具人"),
        TextColumn("beneficiary", "in whose favour, e.g. the trading centre", note_zh="受益人"),
        DecimalColumn(
            "amount_cny", "amount guaranteed", unit="yuan", precision=16, scale=2, minimum="0",
            note_zh="担保金额",
        ),
        Day("valid_from", "first day", note_zh="生效日"),
        Day("valid_to", "last day, included", note_zh="到期日(含)"),
    ),
    in_order=(("valid_from", "valid_to"),),
)  # fmt: skip

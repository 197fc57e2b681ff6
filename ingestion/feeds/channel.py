"""Sales channels: through whom contracts are won."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, TextColumn

FEED = Feed(
    name="channel",
    title="Sales channels, by date of validity",
    title_zh="销售渠道(按生效日期)",
    key=("channel_id", "effective_from"),
    columns=(
        TextColumn(
            "channel_id", "channel as in sales_channel of feed contract", note_zh="渠道编号,同合同的销售渠道"
        ),
        Day("effective_from", "first day of this record", note_zh="生效日期"),
        TextColumn("channel_name", "Chinese name", note_zh="渠道名称"),
        TextColumn("channel_name_en", "English name", required=False, note_zh="渠道英文名称"),
        Choice(
            "kind",
            "direct = own sales; agent = agent or broker; online = platform; partner = other partner",
            choices=("direct", "agent", "online", "partner"),
            synonyms=(("直销", "direct"), ("代理", "agent"), ("线上", "online"), ("合作方", "partner")),
            note_zh="类型:直销、代理、线上、合作方",
        ),
        Day(
            "effective_to", "last day of validity, included; blank = open end", required=False,
            note_zh="失效日期(含当日);空白=长期",
        ),
    ),
    in_order=(("effective_from", "effective_to"),),
)  # fmt: skip

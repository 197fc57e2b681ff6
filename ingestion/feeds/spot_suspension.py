"""Days and hours on which the spot market of a province was suspended."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, Province, TextColumn, Whole

FEED = Feed(
    name="spot_suspension",
    title="Hours of a delivery day in which the spot market was suspended",
    title_zh="现货市场中止时段",
    key=("province", "delivery_on"),
    columns=(
        Province("province", "province code in lower case, e.g. anhui", note_zh="省份代码(小写)"),
        Day("delivery_on", "delivery day, UTC+8", note_zh="电量日期"),
        Choice(
            "is_suspended", "yes = suspended; no takes an earlier yes back", choices=("yes", "no"),
            synonyms=(("是", "yes"), ("否", "no")), note_zh="是否中止;填“否”撤回此前的“是”",
        ),
        Whole(
            "first_hour", "first suspended hour, by its end; blank = 1", required=False, default="1",
            minimum=1, maximum=24, note_zh="首个中止小时(以结束时刻计),空白为 1",
        ),
        Whole(
            "last_hour", "last suspended hour, by its end; blank = 24", required=False, default="24",
            minimum=1, maximum=24, note_zh="最后中止小时(以结束时刻计),空白为 24",
        ),
        TextColumn("reason", "why, as announced", required=False, note_zh="公布的原因"),
    ),
    in_order=(("first_hour", "last_hour"),),
)  # fmt: skip

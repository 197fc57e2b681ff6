"""Whether a condition of a rule pack's time of use held on a day, e.g. Guangdong's hot day."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, Province, TextColumn

FEED = Feed(
    name="tou_condition_day",
    title="Whether a condition of the time of use held on a delivery day",
    title_zh="分时电价条件:某日是否成立",
    key=("province", "delivery_on", "condition_code"),
    columns=(
        Province(
            "province",
            "province code in lower case, e.g. guangdong",
            note_zh="省份代码(小写),如 guangdong",
        ),
        Day("delivery_on", "delivery day, UTC+8", note_zh="电量日期"),
        TextColumn(
            "condition_code",
            "code of the condition in the rule pack, e.g. hot_day (wattledger rules show)",
            max_length=60,
            note_zh="规则包中的条件代码,如 hot_day",
        ),
        Choice(
            "holds",
            "yes = the condition held on that day, so that its periods applied",
            choices=("yes", "no"),
            synonyms=(("是", "yes"), ("否", "no")),
            note_zh="是否成立:是则当日执行该条件的时段",
        ),
    ),
)

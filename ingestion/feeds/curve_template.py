"""Templates by which a contracted quantity is broken down: year to months, month to days, day to hours."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, TextColumn, Whole

FEED = Feed(
    name="curve_template",
    title="Templates that break a contracted quantity down to months, days and hours",
    title_zh="曲线分解模板:年到月、月到日、日到小时",
    key=("template_id", "template_version", "day_type", "part"),
    columns=(
        TextColumn("template_id", "name of the template", max_length=60, note_zh="模板编号"),
        TextColumn(
            "template_version",
            "version that a contract names; a changed template is a new version",
            max_length=20,
            note_zh="模板版本;内容变化时另立新版本,合同注明所用版本",
        ),
        Choice(
            "template_kind",
            "Y year to months, M month to days, D1 system typical day, custom an agreed day",
            choices=("Y", "M", "D1", "custom"),
            synonyms=(("年", "Y"), ("月", "M"), ("系统典型", "D1"), ("自定义", "custom")),
            note_zh="Y 年分月,M 月分日,D1 系统典型日,custom 自定义日曲线(D2–D4 按分时时段,无需模板)",
        ),
        Choice(
            "day_type",
            "kind of day that the line is for; all = those without a line of their own",
            required=False,
            default="all",
            choices=("all", "workday", "saturday", "sunday", "holiday"),
            synonyms=(
                ("全部", "all"), ("工作日", "workday"), ("周六", "saturday"), ("周日", "sunday"),
                ("节假日", "holiday"),
            ),
            note_zh="日类型;all 表示没有单独一行的日类型",
        ),
        Whole(
            "part",
            "month 1 to 12 of Y, hour 1 to 24 of D1 and custom; 0 (or blank) in M",
            required=False,
            default="0",
            maximum=24,
            note_zh="Y 填月份 1–12,日曲线填小时 1–24,M 留空",
        ),
        DecimalColumn(
            "weight",
            "weight of the part; shares are weights over their sum, so percent and MWh serve alike",
            precision=15,
            scale=6,
            minimum="0",
            note_zh="权重;占比 = 权重 ÷ 权重之和,填百分数或电量均可",
        ),
    ),
)  # fmt: skip

"""The annual quantity of a contract, how it is broken down, and what the contract lets the parties adjust."""

from ingestion.feeds.base import Feed, Needs
from ingestion.feeds.columns import Choice, DecimalColumn, TextColumn, Whole

DAY_KINDS = ("D1", "D2", "D3", "D4", "custom")


def _rate(name: str, note: str, note_zh: str) -> DecimalColumn:
    return DecimalColumn(
        name, note, required=False, precision=7, scale=4, minimum="0", maximum="10", note_zh=note_zh
    )


FEED = Feed(
    name="contract_distribution",
    title="Annual quantity of a contract, its templates and its rights of adjustment",
    title_zh="合同年度电量、分解模板与调整权",
    key=("contract_id", "delivery_year"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        Whole("delivery_year", "calendar year", minimum=2000, maximum=2099, note_zh="交割年份"),
        DecimalColumn(
            "annual_mwh",
            "contracted energy of the contract's months of that year",
            unit="MWh",
            precision=14,
            minimum="0",
            note_zh="该年合同期内的合同电量",
        ),
        TextColumn("year_template_id", "template Y", max_length=60, note_zh="年分月模板"),
        TextColumn("year_template_version", "its version", max_length=20, note_zh="年分月模板版本"),
        TextColumn("month_template_id", "template M", max_length=60, note_zh="月分日模板"),
        TextColumn("month_template_version", "its version", max_length=20, note_zh="月分日模板版本"),
        Choice(
            "day_template_kind",
            "D1 system typical, D2 peak hours, D3 flat hours, D4 valley hours, custom",
            choices=DAY_KINDS,
            synonyms=(
                ("系统典型", "D1"), ("峰", "D2"), ("平", "D3"), ("谷", "D4"), ("自定义", "custom"),
            ),
            note_zh="日曲线:D1 系统典型,D2 峰段,D3 平段,D4 谷段,custom 自定义",
        ),
        TextColumn(
            "day_template_id",
            "day template of D1 or custom; D1 without one follows the system load",
            required=False,
            max_length=60,
            note_zh="日曲线模板;D1 留空时按系统负荷",
        ),
        TextColumn(
            "day_template_version", "its version", required=False, max_length=20, note_zh="日曲线模板版本"
        ),
        _rate("adjust_up_rate", "right to raise a month, share of its quantity", "月度电量可上调比例"),
        _rate("adjust_down_rate", "right to lower a month, share of its quantity", "月度电量可下调比例"),
        Whole(
            "adjust_notice_days",
            "days between the request and the month's first day",
            required=False,
            maximum=366,
            note_zh="须在月初前多少天提出",
        ),
        Whole(
            "adjust_times_per_year",
            "accepted adjustments per delivery year",
            required=False,
            maximum=366,
            note_zh="每年可调整次数",
        ),
    ),
    needs=(
        Needs("day_template_kind", ("custom",), ("day_template_id",)),
        Needs("day_template_id", None, ("day_template_version",)),
        Needs("adjust_up_rate", None, ("adjust_notice_days", "adjust_times_per_year")),
        Needs("adjust_down_rate", None, ("adjust_notice_days", "adjust_times_per_year")),
    ),
)  # fmt: skip

"""Which package definition a contract follows, from when on: the original terms and every change of them."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Month, TextColumn, Whole

FEED = Feed(
    name="contract_version",
    title="Terms of contracts: the package definition of each version, and from when it holds",
    title_zh="合同版本:各版本对应的套餐及生效月份",
    key=("contract_id", "version_no"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        Whole(
            "version_no",
            "1 = the original terms; each change is the next number",
            minimum=1,
            maximum=9999,
            note_zh="版本号:1=原始条款,每次变更加一",
        ),
        Month(
            "effective_from",
            "delivery month from whose first day the version holds, until a later version does",
            note_zh="生效月份(自当月1日起,至更新版本生效为止)",
        ),
        TextColumn("package_id", "package as its definition names it, e.g. sample_fixed", note_zh="套餐编号"),
        TextColumn(
            "package_version",
            "version of the package definition, e.g. 1",
            max_length=60,
            note_zh="套餐版本号,如 1",
        ),
        TextColumn("reason", "why the terms are these or changed", required=False, note_zh="变更原因或备注"),
    ),
)

"""Monthly series that contracts refer to: benchmark and agency prices, published means, coal indices."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, Month, Province, TextColumn

FEED = Feed(
    name="reference_series",
    title="Monthly series that contracts refer to, as published",
    title_zh="合同所引用的月度序列(公布值)",
    key=("province", "series_code", "delivery_month"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong", note_zh="省份代码(小写)"),
        TextColumn(
            "series_code",
            "short name of the series; one that is called as an input of packages (base, ref, market_mean, "
            "ceci) is what contracts get that name no other",
            max_length=63,
            note_zh="序列代码;与套餐输入同名的序列为未另行指定的合同所用",
        ),
        Month("delivery_month", "delivery month", note_zh="交割月"),
        DecimalColumn(
            "value", "value of the month, VAT included where it is a price", precision=14, note_zh="数值",
        ),
        Choice(
            "unit",
            "unit of the value: yuan/MWh, or points of an index",
            choices=("cny_per_mwh", "point"),
            synonyms=(("元/mwh", "cny_per_mwh"), ("点", "point")),
            note_zh="单位:元/MWh 或指数点",
        ),
        Choice(
            "status",
            "provisional until the publisher calls it final",
            choices=("provisional", "final"),
            synonyms=(("暂定", "provisional"), ("正式", "final")),
            note_zh="状态:暂定、正式",
        ),
        Day("published_on", "day of publication", note_zh="公布日"),
        TextColumn("publication", "number of the notice, or its name", required=False, note_zh="公告文号"),
    ),
)  # fmt: skip

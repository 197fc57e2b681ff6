"""The price table that a province's grid company publishes for the month, item by item (domain §4.4).

Transmission and distribution prices are not in it: they hold for years and are in the rule pack. A figure
that is corrected later is delivered again; it is a new version.
"""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, Month, Province, TextColumn

COMPONENTS = (
    "energy", "line_loss", "capacity_compensation", "pumped_storage", "coal_capacity", "ancillary",
    "system_operation", "funds",
)  # fmt: skip
BASIS = Choice(
    "basis",
    "published by the grid company, or illustrative = a stand-in, marked on every bill that uses it",
    required=False,
    default="published",
    choices=("published", "illustrative"),
    synonyms=(("公布", "published"), ("示例", "illustrative")),
    note_zh="来源性质:公布,或示例(账单会注明)",
)

FEED = Feed(
    name="agency_tariff",
    title="Monthly price table of the grid company's agency purchase, item by item, VAT included",
    title_zh="电网代理购电价格表(含税,按月逐项)",
    key=("province", "delivery_month", "component", "item"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong", note_zh="省份代码(小写)"),
        Month("delivery_month", "month of use that the table is for", note_zh="执行月份"),
        Choice(
            "component",
            "part of the bill; system_operation = an item of it that is none of the four named ones",
            choices=COMPONENTS,
            synonyms=(
                ("代理购电价格", "energy"), ("上网环节线损费用", "line_loss"), ("上网环节线损", "line_loss"),
                ("容量补偿电价", "capacity_compensation"), ("抽水蓄能容量电费", "pumped_storage"),
                ("煤电容量电费", "coal_capacity"), ("辅助服务费用", "ancillary"),
                ("系统运行费", "system_operation"), ("政府性基金及附加", "funds"),
            ),
            note_zh="电价构成;系统运行费中未单列的项目填 system_operation",
        ),
        TextColumn(
            "item",
            "name of the item, where the component has several, e.g. renewable_difference; blank = all of it",
            required=False,
            default="all",
            max_length=60,
            note_zh="项目名称(同一构成有多项时),留空为整项",
        ),
        DecimalColumn(
            "price_cny_per_kwh",
            "price, VAT included; negative where money is given back",
            unit="yuan/kWh",
            precision=12,
            scale=6,
            note_zh="价格(含税),返还填负数",
        ),
        TextColumn("document", "title or number of the publication", note_zh="公告名称或文号"),
        Day("published_on", "day of publication", required=False, note_zh="公布日期"),
        BASIS,
    ),
)  # fmt: skip

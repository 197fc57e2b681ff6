"""The retailer's budget: an amount per delivery month and item, for a province or for the whole house."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, Month, Province

ITEMS = (
    "retail_revenue", "purchase_cost", "recovery", "operation_share", "channel_commission", "service_income",
    "agency_income", "margin", "overhead",
)  # fmt: skip

FEED = Feed(
    name="budget",
    title="Budget per delivery month and item",
    title_zh="预算:按交割月和科目",
    key=("delivery_month", "province", "item"),
    columns=(
        Month("delivery_month", "delivery month", note_zh="交割月"),
        Province(
            "province",
            "province code in lower case; all (or blank) = the whole house",
            required=False,
            default="all",
            note_zh="省份代码(小写);all 或留空表示全公司",
        ),
        Choice(
            "item",
            "what the amount is for",
            choices=ITEMS,
            synonyms=(
                ("售电收入", "retail_revenue"), ("购电成本", "purchase_cost"), ("偏差回收", "recovery"),
                ("市场运营费", "operation_share"), ("渠道佣金", "channel_commission"),
                ("增值服务收入", "service_income"), ("代理收入", "agency_income"), ("毛利", "margin"),
                ("管理费用", "overhead"),
            ),
            note_zh="科目",
        ),
        DecimalColumn(
            "amount_cny", "amount, VAT included; costs are positive", unit="yuan", precision=16, scale=2,
            note_zh="金额(含税),成本填正数",
        ),
        DecimalColumn(
            "energy_mwh",
            "energy that the amount is for; that of retail_revenue is the plan of signed quantities",
            unit="MWh",
            required=False,
            precision=16,
            minimum="0",
            note_zh="对应电量;售电收入的电量即签约电量计划",
        ),
    ),
)  # fmt: skip

"""Time-of-use prices that the grid company prints as absolute numbers beside its monthly price table.

A printed price is the whole energy price of a kWh (agency price, loss, transmission and distribution, system
operation and funds). It takes precedence over the multiples of the rule pack (domain §4.4).
"""

from ingestion.feeds.agency_tariff import BASIS
from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, Month, Province, TextColumn
from ingestion.market_rules.vocabulary import PRICED_CLASSES, TOU_PERIODS, VOLTAGE_BANDS

FEED = Feed(
    name="agency_period_price",
    title="Printed time-of-use prices of the grid company, per class, voltage and period, VAT included",
    title_zh="电网公布的分时电度用电价格(含税)",
    key=("province", "delivery_month", "tariff_class", "voltage", "tou_period"),
    columns=(
        Province("province", "province code in lower case, e.g. hubei", note_zh="省份代码(小写)"),
        Month("delivery_month", "month of use that the table is for", note_zh="执行月份"),
        Choice(
            "tariff_class",
            "tariff class of the price table",
            choices=PRICED_CLASSES,
            synonyms=(("单一制", "single"), ("两部制", "two_part")),
            note_zh="用电类别:单一制、两部制",
        ),
        Choice(
            "voltage",
            "voltage band, written as in the rule pack's price table",
            choices=VOLTAGE_BANDS,
            note_zh="电压等级,写法与规则包输配电价表一致",
        ),
        Choice(
            "tou_period",
            "period",
            choices=TOU_PERIODS,
            synonyms=(
                ("尖峰", "sharp"), ("高峰", "peak"), ("平段", "flat"), ("低谷", "valley"),
                ("深谷", "deep_valley"),
            ),
            note_zh="时段",
        ),
        DecimalColumn(
            "price_cny_per_kwh", "whole energy price, VAT and funds included", unit="yuan/kWh", precision=12,
            scale=6, note_zh="电度用电价格(含税、含基金)",
        ),
        TextColumn("document", "title or number of the publication", note_zh="公告名称或文号"),
        Day("published_on", "day of publication", required=False, note_zh="公布日期"),
        BASIS,
    ),
)  # fmt: skip

"""Numbers that a market announces per month: what a rule pack leaves open, and means of the market.

Names are those by which a blocker asks: ``<kind>.upper_rate`` of a recovery, ``mlt_market_mean``,
``agency_price.peak`` (docs/settlement.md).
"""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import DecimalColumn, Month, Province, TextColumn

FEED = Feed(
    name="market_parameter",
    title="Numbers announced for a province's delivery month",
    title_zh="市场月度公布参数",
    key=("province", "delivery_month", "parameter"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong", note_zh="省份代码(小写)"),
        Month("delivery_month", "delivery month", note_zh="交割月"),
        TextColumn(
            "parameter", "name of the number, e.g. user_mlt_excess.upper_rate, mlt_market_mean",
            max_length=120, note_zh="参数名,如 user_mlt_excess.upper_rate、mlt_market_mean",
        ),
        DecimalColumn(
            "value", "rates as a share of one, prices in yuan/MWh with VAT", precision=18, scale=6,
            note_zh="数值:比率以 1 为基,电价为元/兆瓦时(含税)",
        ),
    ),
)  # fmt: skip

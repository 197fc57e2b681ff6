"""The size of a province's retail market in a delivery month, as the trading centre publishes it."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import DecimalColumn, Month, Province, Whole

FEED = Feed(
    name="market_volume",
    title="Energy of a province's retail market in a delivery month, as published",
    title_zh="省内零售市场电量(交易中心公布)",
    key=("province", "delivery_month"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong", note_zh="省份代码(小写)"),
        Month("delivery_month", "delivery month", note_zh="交割月"),
        DecimalColumn(
            "market_mwh", "energy of all retailers", unit="MWh", precision=16, minimum="0",
            note_zh="全部售电公司电量",
        ),
        DecimalColumn(
            "own_mwh", "our energy as published, where it is", unit="MWh", required=False, precision=16,
            minimum="0", note_zh="公布的本公司电量(如有)",
        ),
        Whole("retailers", "retailers in the market", required=False, minimum=1, note_zh="售电公司家数"),
    ),
)  # fmt: skip

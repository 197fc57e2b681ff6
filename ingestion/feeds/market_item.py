"""Items of the trading centre's month beside energy: operation, ancillary services, funds, returned money.

One line per item, as the trading centre lists them; they are never pooled (domain §4.1).
"""

from ingestion.feeds.base import Feed, Needs
from ingestion.feeds.columns import Choice, Code, DecimalColumn, Month, Province, TextColumn

KINDS = ("operation", "ancillary", "fund", "adjustment", "recovery_return")

FEED = Feed(
    name="market_item",
    title="Operation, ancillary and fund items of a month, one by one",
    title_zh="市场运营、辅助服务及资金分摊(返还)科目",
    key=("province", "delivery_month", "item_kind", "item_code", "payee"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong", note_zh="省份代码(小写)"),
        Month("delivery_month", "delivery month that the item belongs to", note_zh="交割月"),
        Choice(
            "item_kind", "what the item is; recovery_return = recovered money paid out again", choices=KINDS,
            synonyms=(
                ("市场运营", "operation"), ("辅助服务", "ancillary"), ("不平衡资金", "fund"),
                ("调整", "adjustment"), ("回收返还", "recovery_return"),
            ),
            note_zh="科目类别",
        ),
        Code("item_code", "code of the item in lower case, e.g. running_cost", note_zh="科目代码(小写)"),
        Code(
            "payee", "to whom returned money is paid, in lower case; blank = the retailer", required=False,
            default="retailer", note_zh="返还对象代码,空白为本公司",
        ),
        TextColumn("item_name", "name as the trading centre prints it", required=False, note_zh="科目名称"),
        Choice(
            "direction", "pay: the retailer pays; receive: it receives", choices=("pay", "receive"),
            synonyms=(("支出", "pay"), ("收入", "receive")), note_zh="方向:支出或收入",
        ),
        DecimalColumn("quantity_mwh", "quantity, where the item has one", unit="MWh", required=False,
                      precision=16, note_zh="电量(兆瓦时)"),
        DecimalColumn("price_cny_per_mwh", "price, where the item has one", unit="yuan/MWh", required=False,
                      note_zh="单价(元/兆瓦时)"),
        DecimalColumn(
            "amount_cny", "amount with VAT; blank = quantity times price", unit="yuan", required=False,
            precision=16, scale=2, note_zh="金额(含税);空白按电量×单价",
        ),
    ),
    needs=(Needs("price_cny_per_mwh", None, ("quantity_mwh",)),),
    at_least_one=(("price_cny_per_mwh", "amount_cny"),),
)  # fmt: skip

"""The grid company's settlement statement of a month: what it settled of the retailer's customers.

A corrected statement is delivered again: its lines are new versions of the same keys. Lines that it no longer
has are taken out when it names the number of the statement whose place it takes.
"""

from ingestion.feeds.base import Feed, Needs
from ingestion.feeds.columns import Choice, Day, DecimalColumn, Month, Province, TextColumn
from ingestion.market_rules.vocabulary import TOU_PERIODS

LINE_KIND = Choice(
    "line_kind",
    "regular, or correction = of an earlier month, settled with this one",
    required=False,
    default="regular",
    choices=("regular", "correction"),
    synonyms=(("本月", "regular"), ("退补", "correction"), ("差错更正", "correction")),
    note_zh="明细性质:本月,或退补(以前月份)",
)
STATEMENT_NO = TextColumn("statement_no", "number of the statement", max_length=60, note_zh="结算单号")
ISSUED_ON = Day(
    "issued_on", "day of issue; deadlines count from it, else from the receipt", required=False,
    note_zh="出具日期;期限由此起算,空白按收到日",
)  # fmt: skip
REPLACES = TextColumn(
    "replaces_statement_no", "number of the statement whose place it takes: all lines of that one go",
    required=False, max_length=60, note_zh="所替代的结算单号:原单全部明细作废",
)  # fmt: skip

FEED = Feed(
    name="grid_statement",
    title="The grid company's retail settlement statement of a month, line by line, VAT included",
    title_zh="电网企业零售侧结算单(含税,逐项)",
    key=(
        "province", "delivery_month", "subject_type", "subject_id", "side", "item", "tou_period", "line_kind",
    ),
    columns=(
        Province("province", "province code in lower case, e.g. shandong", note_zh="省份代码(小写)"),
        Month("delivery_month", "month of the statement", note_zh="结算月份"),
        Choice(
            "subject_type", "what the line is of: an account, or a retail contract",
            choices=("account", "contract"),
            synonyms=(("户号", "account"), ("合同", "contract")), note_zh="对象类型:户号或合同",
        ),
        TextColumn("subject_id", "number of the account or contract", note_zh="户号或合同编号"),
        Choice(
            "side", "retail = the retailer's energy fee and fees; pass_through = charges passed on",
            required=False, default="retail", choices=("retail", "pass_through"),
            synonyms=(("零售", "retail"), ("代收代付", "pass_through")), note_zh="零售电费,或代收代付",
        ),
        TextColumn(
            "item", "item as the statement prints it, or the component of our lines, e.g. energy",
            max_length=60, note_zh="费用项:结算单上的名称,或本公司费用项代码",
        ),
        Choice(
            "tou_period", "period; all = not divided", required=False, default="all",
            choices=("all", *TOU_PERIODS),
            synonyms=(
                ("总", "all"), ("尖峰", "sharp"), ("尖", "sharp"), ("高峰", "peak"), ("峰", "peak"),
                ("平段", "flat"), ("平", "flat"), ("低谷", "valley"), ("谷", "valley"),
                ("深谷", "deep_valley"),
            ),
            note_zh="时段,不分时填 all",
        ),
        LINE_KIND,
        DecimalColumn("quantity_kwh", "quantity, where the item has one", unit="kWh", required=False,
                      precision=16, note_zh="电量(千瓦时)"),
        DecimalColumn("price_cny_per_kwh", "price, VAT included, where the item has one", unit="yuan/kWh",
                      required=False, scale=6, note_zh="电价(元/千瓦时,含税)"),
        DecimalColumn(
            "amount_cny", "amount with VAT; positive = payable to the retailer", unit="yuan",
            precision=16, scale=2, note_zh="电费(元,含税);应付本公司为正",
        ),
        DecimalColumn("net_cny", "amount without VAT, where printed", unit="yuan", required=False,
                      precision=16, scale=2, note_zh="不含税金额(元)"),
        DecimalColumn("vat_cny", "VAT, where printed", unit="yuan", required=False, precision=16, scale=2,
                      note_zh="税额(元)"),
        STATEMENT_NO,
        ISSUED_ON,
        REPLACES,
    ),
    needs=(
        Needs("price_cny_per_kwh", None, ("quantity_kwh",)),
        Needs("net_cny", None, ("vat_cny",)),
        Needs("vat_cny", None, ("net_cny",)),
    ),
)  # fmt: skip

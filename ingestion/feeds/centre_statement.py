"""The trading centre's statement of the retailer's month: energy, recoveries and items, one by one.

Corrected statements are delivered again, as those of feed grid_statement.
"""

from ingestion.feeds.base import Feed, Needs
from ingestion.feeds.columns import Choice, DecimalColumn, Month, Province, TextColumn
from ingestion.feeds.grid_statement import ISSUED_ON, LINE_KIND, REPLACES, STATEMENT_NO

FEED = Feed(
    name="centre_statement",
    title="The trading centre's wholesale settlement statement of a month, line by line, VAT included",
    title_zh="交易中心批发侧月度结算单(含税,逐项)",
    key=("province", "delivery_month", "side", "item", "line_kind"),
    columns=(
        Province("province", "province code in lower case, e.g. shandong", note_zh="省份代码(小写)"),
        Month("delivery_month", "month of the statement", note_zh="结算月份"),
        Choice(
            "side",
            "wholesale = energy bought; recovery = deviation revenue recovered, and what is returned of it; "
            "operation = operation, ancillary and fund items",
            choices=("wholesale", "recovery", "operation"),
            synonyms=(("电能量", "wholesale"), ("偏差收益回收", "recovery"), ("市场运营", "operation")),
            note_zh="类别:电能量、偏差收益回收、市场运营",
        ),
        TextColumn(
            "item", "item as the statement prints it, or the component of our lines, e.g. energy_rt",
            max_length=60, note_zh="结算科目:结算单上的名称,或本公司费用项代码",
        ),
        LINE_KIND,
        DecimalColumn("quantity_mwh", "quantity, where the item has one", unit="MWh", required=False,
                      precision=16, note_zh="电量(兆瓦时)"),
        DecimalColumn("mean_price_cny_per_mwh", "mean price of the month, where printed", unit="yuan/MWh",
                      required=False, note_zh="均价(元/兆瓦时)"),
        DecimalColumn(
            "amount_cny", "amount with VAT; positive = payable by the retailer", unit="yuan",
            precision=16, scale=2, note_zh="电费(元,含税);本公司应付为正",
        ),
        STATEMENT_NO,
        ISSUED_ON,
        REPLACES,
    ),
    needs=(Needs("mean_price_cny_per_mwh", None, ("quantity_mwh",)),),
)  # fmt: skip

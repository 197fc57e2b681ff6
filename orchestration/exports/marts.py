"""The tables that repeat a mart, column by column; what a settlement mart gains later follows by itself."""

from __future__ import annotations

from typing import Final

from orchestration.exports.tables import Column, Sheet

PROVINCE: Final = Column("province", "省份", "Province")
MONTH: Final = Column("delivery_month", "结算月份", "Delivery month", kind="month")
CONTRACT: Final = Column("contract_id", "合同编号", "Contract")
ACCOUNT: Final = Column("account_id", "户号", "Account")
CUSTOMER: Final = Column("customer_id", "客户编号", "Customer no.")
CUSTOMER_NAME: Final = Column("customer_name", "客户名称", "Customer (Chinese)")
CUSTOMER_NAME_EN: Final = Column("customer_name_en", "客户英文名", "Customer")
ENERGY: Final = Column("energy_mwh", "实际用电量(兆瓦时)", "Energy (MWh)", 3)
RETAIL: Final = Column("retail_cny", "零售电费(元)", "Retail (CNY)", 2)
WHOLESALE: Final = Column("wholesale_cny", "批发电费(元)", "Wholesale (CNY)", 2)
RECOVERY: Final = Column("recovery_cny", "偏差收益回收(元)", "Recovery (CNY)", 2)
OPERATION: Final = Column("operation_cny", "市场运营及分摊(元)", "Operation items (CNY)", 2)
INCOME: Final = Column("income_cny", "其他收入减佣金(元)", "Other income less commission (CNY)", 2)
MARGIN: Final = Column("margin_cny", "毛利(元)", "Margin (CNY)", 2)
QUANTITY: Final = Column("quantity_mwh", "电量(兆瓦时)", "Quantity (MWh)", 3)
AMOUNT: Final = Column("amount_cny", "金额(元,含税)", "Amount (CNY, incl. VAT)", 2)
NET: Final = Column("net_cny", "不含税金额(元)", "Net (CNY)", 2)
VAT: Final = Column("vat_cny", "税额(元)", "VAT (CNY)", 2)
ILLUSTRATIVE: Final = Column("is_illustrative", "含示例参数", "Illustrative values", kind="flag")
COMPONENT: Final = Column("component", "费用项", "Component")
PERIOD: Final = Column("tou_period", "时段", "Period")
PRICE: Final = Column("price_cny_per_mwh", "电价(元/兆瓦时)", "Price (CNY/MWh)", 3)
VAT_RATE: Final = Column("vat_rate", "税率", "VAT rate", 4)
NOTE: Final = Column("note", "备注", "Note")

SETTLEMENT: Final[tuple[Sheet, ...]] = (
    Sheet(
        stem="settlement_month",
        zh="月度汇总",
        en="Month",
        source="marts_settlement.settlement_month",
        order_by="province",
        columns=(
            PROVINCE,
            MONTH,
            ENERGY,
            RETAIL,
            WHOLESALE,
            RECOVERY,
            OPERATION,
            INCOME,
            MARGIN,
            Column("purchase_mean_cny_per_mwh", "购电均价(元/兆瓦时)", "Purchase mean (CNY/MWh)", 3),
            Column("sales_mean_cny_per_mwh", "售电均价(元/兆瓦时)", "Sales mean (CNY/MWh)", 3),
            Column("spread_cny_per_mwh", "价差(元/兆瓦时)", "Spread (CNY/MWh)", 3),
            ILLUSTRATIVE,
        ),
    ),
    Sheet(
        stem="settlement_margin",
        zh="合同毛利",
        en="Margin by contract",
        source="marts_settlement.settlement_margin",
        order_by="province, contract_id",
        columns=(
            PROVINCE,
            MONTH,
            CONTRACT,
            CUSTOMER,
            CUSTOMER_NAME,
            CUSTOMER_NAME_EN,
            Column("package_type", "套餐类型", "Package"),
            ENERGY,
            RETAIL,
            WHOLESALE,
            RECOVERY,
            OPERATION,
            INCOME,
            MARGIN,
            Column("margin_cny_per_mwh", "度电毛利(元/兆瓦时)", "Margin (CNY/MWh)", 3),
            ILLUSTRATIVE,
        ),
    ),
    Sheet(
        stem="settlement_line",
        zh="结算明细",
        en="Lines",
        source="marts_settlement.settlement_line",
        order_by=(
            "side, province, contract_id nulls first, account_id nulls first, component, tou_period, line_id"
        ),
        columns=(
            Column("line_id", "行号", "Line"),
            PROVINCE,
            MONTH,
            Column("side", "侧", "Side"),
            CONTRACT,
            ACCOUNT,
            CUSTOMER,
            COMPONENT,
            PERIOD,
            QUANTITY,
            PRICE,
            Column("average_price_cny_per_mwh", "均价(元/兆瓦时)", "Average price (CNY/MWh)", 3),
            AMOUNT,
            VAT_RATE,
            NET,
            VAT,
            Column("pack_hash", "规则包哈希", "Rule pack hash"),
            ILLUSTRATIVE,
            NOTE,
        ),
    ),
)
"""The month, its contracts and its lines. Without rows in each of them a month is not settled."""

POSITION: Final = Sheet(
    stem="position_month",
    zh="持仓与实际",
    en="Positions",
    source="marts_trading.trading_position_month",
    order_by="province",
    columns=(
        PROVINCE,
        MONTH,
        Column("days", "天数", "Days", kind="integer"),
        Column("known_days", "数据完整天数", "Known days", kind="integer"),
        Column("mlt_mwh", "中长期净合约(兆瓦时)", "Medium- and long-term (MWh)", 3),
        Column("day_ahead_mwh", "日前出清(兆瓦时)", "Day-ahead (MWh)", 3),
        Column("actual_mwh", "实际用电量(兆瓦时)", "Actual (MWh)", 3),
        Column("open_mwh", "敞口(兆瓦时)", "Open (MWh)", 3),
        Column("signed_deviation_mwh", "日前偏差(兆瓦时)", "Actual less day-ahead (MWh)", 3),
        Column("deviation_rate", "小时偏差率", "Hourly deviation rate", 6),
        Column("coverage_rate", "中长期覆盖率", "Coverage rate", 6),
    ),
)
METER_TOTAL: Final = Sheet(
    stem="meter_reconciliation",
    zh="电量核对",
    en="Meter totals",
    source="marts_energy.energy_month_check",
    order_by="subject_type, subject_id, channel, period",
    columns=(
        Column("subject_type", "对象类型", "Subject type"),
        Column("subject_id", "对象", "Subject"),
        MONTH,
        Column("channel", "通道", "Channel"),
        Column("period", "时段", "Period"),
        Column("delivered_kwh", "送达电量(千瓦时)", "Delivered (kWh)", 6),
        Column("curve_kwh", "曲线电量(千瓦时)", "Curves (kWh)", 6),
        Column("difference_kwh", "差异(千瓦时)", "Difference (kWh)", 6),
        Column("difference_rate", "差异率", "Difference rate", 6),
        Column("check_status", "核对结果", "Result"),
    ),
)
STATEMENTS: Final[tuple[Sheet, ...]] = (
    Sheet(
        stem="retail_statement",
        zh="零售结算单",
        en="Retail statements",
        source="marts_settlement.settlement_statement_contract",
        order_by="customer_id, province, contract_id",
        columns=(
            CUSTOMER,
            CUSTOMER_NAME,
            CUSTOMER_NAME_EN,
            MONTH,
            PROVINCE,
            CONTRACT,
            Column("effective_from", "合同起始", "First delivery day", kind="day"),
            Column("effective_to", "合同截止", "Last delivery day", kind="day"),
            Column("package_id", "套餐", "Package"),
            Column("package_version", "套餐版本", "Package version"),
            Column("package_hash", "套餐哈希", "Package hash"),
            Column("pack_versions", "规则包版本", "Rule pack versions"),
            Column("pack_hashes", "规则包哈希", "Rule pack hashes"),
            Column("accounts", "户数", "Accounts", kind="integer"),
            Column("metering_points", "计量点数", "Metering points", kind="integer"),
            ENERGY,
            Column("lines", "行数", "Lines", kind="integer"),
            AMOUNT,
            NET,
            VAT,
            ILLUSTRATIVE,
        ),
    ),
    Sheet(
        stem="retail_statement_line",
        zh="零售结算明细",
        en="Retail statement lines",
        source="(select * from marts_settlement.settlement_statement_line where side = 'retail')",
        order_by=(
            "customer_id, province, contract_id, stage_place, component_place, component,"
            " account_id nulls last, period_place, tou_period, line_id"
        ),
        columns=(
            CUSTOMER,
            MONTH,
            PROVINCE,
            CONTRACT,
            Column("stage", "环节", "Stage"),
            COMPONENT,
            Column("title_zh", "费用项名称", "Component (Chinese)"),
            Column("title_en", "费用项英文名", "Component (English)"),
            ACCOUNT,
            PERIOD,
            QUANTITY,
            Column("average_price_cny_per_mwh", "电价(元/兆瓦时)", "Price (CNY/MWh)", 3),
            AMOUNT,
            VAT_RATE,
            NET,
            VAT,
            ILLUSTRATIVE,
            Column("origin_month", "发生月份", "Origin month", kind="month"),
            Column("reason_code", "更正原因", "Reason of correction"),
            Column("line_id", "行号", "Line"),
        ),
    ),
    Sheet(
        stem="retail_statement_point",
        zh="零售结算计量点",
        en="Retail statement points",
        source="marts_settlement.settlement_statement_point",
        order_by="customer_id, contract_id, account_id, metering_point_id",
        columns=(
            CUSTOMER,
            MONTH,
            PROVINCE,
            CONTRACT,
            ACCOUNT,
            Column("metering_point_id", "计量点", "Metering point"),
            Column("meter_ids", "电能表", "Meters"),
            Column("from_on", "起", "From", kind="day"),
            Column("to_on", "止", "To", kind="day"),
            Column("days", "天数", "Days", kind="integer"),
            ENERGY,
        ),
    ),
)

_PARTY: Final = Column("party", "对账方", "Party")
_KIND: Final = Column("difference_kind", "差异类别", "Kind of difference")
_DIFFERENCES: Final = (
    Column("quantity_difference_mwh", "电量差(兆瓦时)", "Quantity difference (MWh)", 3),
    Column("price_difference_cny_per_mwh", "电价差(元/兆瓦时)", "Price difference (CNY/MWh)", 3),
    Column("own_amount_cny", "本方金额(元)", "Own amount (CNY)", 2),
    Column("stated_amount_cny", "对方金额(元)", "Stated amount (CNY)", 2),
    Column("amount_difference_cny", "金额差(元)", "Amount difference (CNY)", 2),
    Column("quantity_part_cny", "电量影响(元)", "From quantity (CNY)", 2),
    Column("price_part_cny", "电价影响(元)", "From price (CNY)", 2),
    Column("rule_part_cny", "规则影响(元)", "From rule (CNY)", 2),
    Column("margin_effect_cny", "毛利影响(元)", "Effect on margin (CNY)", 2),
)
_LINE: Final = (
    PROVINCE,
    MONTH,
    Column("side", "侧", "Side"),
    Column("subject_type", "对象类型", "Subject type"),
    Column("subject_id", "对象", "Subject"),
    CUSTOMER,
    CUSTOMER_NAME,
    CUSTOMER_NAME_EN,
    Column("title_zh", "费用项名称", "Component (Chinese)"),
    Column("title_en", "费用项英文名", "Component (English)"),
    PERIOD,
    Column("line_kind", "明细性质", "Kind of line"),
)
_STATEMENT_NO: Final = Column("statement_no", "结算单号", "Statement no.")
_ISSUED: Final = Column("issued_on", "出具日期", "Issued", kind="day")
_RECEIVED: Final = Column("received_on", "收到日期", "Received", kind="day")
EXTERNAL: Final[tuple[Sheet, ...]] = (
    Sheet(
        stem="external_reconciliation",
        zh="外部对账",
        en="External reconciliation",
        source="marts_settlement.settlement_reconciliation",
        order_by="party, province, side, subject_type, subject_id, component, tou_period, reconciliation_id",
        columns=(
            _PARTY,
            *_LINE,
            Column("statement_item", "对方费用项", "Item as stated"),
            _STATEMENT_NO,
            _ISSUED,
            _RECEIVED,
            Column("is_stated", "已收结算单", "Statement received", kind="flag"),
            _KIND,
            Column("own_quantity_mwh", "本方电量(兆瓦时)", "Own quantity (MWh)", 3),
            Column("stated_quantity_mwh", "对方电量(兆瓦时)", "Stated quantity (MWh)", 3),
            Column("own_price_cny_per_mwh", "本方电价(元/兆瓦时)", "Own price (CNY/MWh)", 3),
            Column("stated_price_cny_per_mwh", "对方电价(元/兆瓦时)", "Stated price (CNY/MWh)", 3),
            *_DIFFERENCES,
            Column("rule_missing", "缺失规则", "Missing rules"),
            ILLUSTRATIVE,
        ),
        on_paper=(),
    ),
    Sheet(
        stem="dispute",
        zh="争议清单",
        en="Disputes",
        source="marts_settlement.settlement_dispute",
        order_by="objection_deadline_on nulls last, party, province, subject_id, component, dispute_id",
        columns=(
            _PARTY,
            Column("addressee_zh", "提交对象", "Addressee (Chinese)"),
            Column("addressee_en", "提交对象英文", "Addressee"),
            *_LINE,
            _STATEMENT_NO,
            _ISSUED,
            _RECEIVED,
            _KIND,
            *_DIFFERENCES,
            Column("objection_deadline_on", "异议截止日", "Last day to object", kind="day"),
            Column("dispute_deadline_on", "争议截止日", "Last day for a dispute", kind="day"),
            Column("answer_due_on", "答复期限", "Answer due", kind="day"),
            Column("formal_on", "正式依据日", "Formal basis", kind="day"),
            Column("days_left", "剩余天数", "Days left", kind="integer"),
            Column("is_overdue", "已逾期", "Overdue", kind="flag"),
            Column("status", "状态", "Status"),
            Column("rule_missing", "缺失规则", "Missing rules"),
            ILLUSTRATIVE,
        ),
        on_paper=(
            "addressee_zh",
            "addressee_en",
            "subject_id",
            "title_zh",
            "title_en",
            "tou_period",
            "statement_no",
            "difference_kind",
            "amount_difference_cny",
            "margin_effect_cny",
            "objection_deadline_on",
            "dispute_deadline_on",
            "status",
        ),
    ),
)
"""Our lines beside the statements of grid company and trading centre; empty where none was delivered."""

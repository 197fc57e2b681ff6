"""What a settlement export holds: one query a table, in a fixed order, with headings in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa

Language = Literal["zh", "en"]
Cell = str | int | Decimal | date | bool | None


@dataclass(frozen=True)
class Column:
    """One column: its name in the mart, its headings, and its decimals when it is a number."""

    name: str
    zh: str
    en: str
    decimals: int | None = None

    def heading(self, language: Language) -> str:
        """The heading in ``language``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Sheet:
    """One table of the export: file stem, sheet titles, columns and the query that fills it."""

    stem: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    relation: str
    order_by: str

    def title(self, language: Language) -> str:
        """The sheet's title in ``language``."""
        return self.zh if language == "zh" else self.en

    def rows(self, connection: sa.Connection, month: date) -> list[tuple[Cell, ...]]:
        """Every row of the month, ordered so that equal data gives equal files."""
        names = ", ".join(column.name for column in self.columns)
        query = sa.text(
            f"select {names} from {self.relation} where delivery_month = :month order by {self.order_by}"
        )
        return [tuple(row) for row in connection.execute(query, {"month": month})]


_PROVINCE = Column("province", "省份", "Province")
_MONTH = Column("delivery_month", "结算月份", "Delivery month")
_CONTRACT = Column("contract_id", "合同编号", "Contract")
_CUSTOMER = Column("customer_id", "客户编号", "Customer no.")
_ILLUSTRATIVE = Column("is_illustrative", "含示例参数", "Illustrative values")

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        stem="settlement_month",
        zh="月度汇总",
        en="Month",
        relation="marts_settlement.settlement_month",
        order_by="province",
        columns=(
            _PROVINCE,
            _MONTH,
            Column("energy_mwh", "实际用电量(兆瓦时)", "Energy (MWh)", 3),
            Column("retail_cny", "零售电费(元)", "Retail (CNY)", 2),
            Column("wholesale_cny", "批发电费(元)", "Wholesale (CNY)", 2),
            Column("recovery_cny", "偏差收益回收(元)", "Recovery (CNY)", 2),
            Column("operation_cny", "市场运营及分摊(元)", "Operation items (CNY)", 2),
            Column("margin_cny", "购销差(元)", "Margin (CNY)", 2),
            Column("purchase_mean_cny_per_mwh", "购电均价(元/兆瓦时)", "Purchase mean (CNY/MWh)", 3),
            Column("sales_mean_cny_per_mwh", "售电均价(元/兆瓦时)", "Sales mean (CNY/MWh)", 3),
            Column("spread_cny_per_mwh", "价差(元/兆瓦时)", "Spread (CNY/MWh)", 3),
            _ILLUSTRATIVE,
        ),
    ),
    Sheet(
        stem="settlement_margin",
        zh="合同毛利",
        en="Margin by contract",
        relation="marts_settlement.settlement_margin",
        order_by="province, contract_id",
        columns=(
            _PROVINCE,
            _MONTH,
            _CONTRACT,
            _CUSTOMER,
            Column("customer_name", "客户名称", "Customer (Chinese)"),
            Column("customer_name_en", "客户英文名", "Customer"),
            Column("package_type", "套餐类型", "Package"),
            Column("energy_mwh", "实际用电量(兆瓦时)", "Energy (MWh)", 3),
            Column("retail_cny", "零售电费(元)", "Retail (CNY)", 2),
            Column("wholesale_cny", "批发电费(元)", "Wholesale (CNY)", 2),
            Column("recovery_cny", "偏差收益回收(元)", "Recovery (CNY)", 2),
            Column("operation_cny", "市场运营及分摊(元)", "Operation items (CNY)", 2),
            Column("margin_cny", "购销差(元)", "Margin (CNY)", 2),
            Column("margin_cny_per_mwh", "度电毛利(元/兆瓦时)", "Margin (CNY/MWh)", 3),
            _ILLUSTRATIVE,
        ),
    ),
    Sheet(
        stem="settlement_line",
        zh="结算明细",
        en="Lines",
        relation="marts_settlement.settlement_line",
        order_by="side, province, contract_id nulls first, account_id nulls first, component, tou_period",
        columns=(
            Column("line_id", "行号", "Line"),
            _PROVINCE,
            _MONTH,
            Column("side", "侧", "Side"),
            _CONTRACT,
            Column("account_id", "户号", "Account"),
            _CUSTOMER,
            Column("component", "费用项", "Component"),
            Column("tou_period", "时段", "Period"),
            Column("quantity_mwh", "电量(兆瓦时)", "Quantity (MWh)", 3),
            Column("price_cny_per_mwh", "电价(元/兆瓦时)", "Price (CNY/MWh)", 3),
            Column("average_price_cny_per_mwh", "均价(元/兆瓦时)", "Average price (CNY/MWh)", 3),
            Column("amount_cny", "金额(元,含税)", "Amount (CNY, incl. VAT)", 2),
            Column("vat_rate", "税率", "VAT rate", 4),
            Column("net_cny", "不含税金额(元)", "Net (CNY)", 2),
            Column("vat_cny", "税额(元)", "VAT (CNY)", 2),
            Column("pack_hash", "规则包哈希", "Rule pack hash"),
            _ILLUSTRATIVE,
            Column("note", "备注", "Note"),
        ),
    ),
)


@dataclass(frozen=True)
class ControlTotal:
    """One control total, computed by SQL over the mart that a file repeats."""

    stem: str
    measure: str
    value: str


def control_totals(connection: sa.Connection, month: date) -> list[ControlTotal]:
    """Row counts and sums of every numeric amount, per table, asked of SQL.

    Every number is text with the scale the database gives it, so that files can be compared byte for byte.
    """
    found: list[ControlTotal] = []
    for sheet in SHEETS:
        measures = {"rows": "count(*)"} | {
            column.name: f"coalesce(sum({column.name}), 0)"
            for column in sheet.columns
            if column.name.endswith("_cny") or (column.name.endswith("_mwh") and "per_mwh" not in column.name)
        }
        query = f"select {', '.join(measures.values())} from {sheet.relation} where delivery_month = :month"
        values = connection.execute(sa.text(query), {"month": month}).one()
        found += [
            ControlTotal(sheet.stem, name, str(value)) for name, value in zip(measures, values, strict=True)
        ]
    return found

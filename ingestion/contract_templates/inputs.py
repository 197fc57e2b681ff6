"""Named quantities that formulas read, each with its unit (domain §3; meanings fixed in design §5).

Periods: an input is one number for the month, or one for each period (``peak``, ``flat``, ``h01`` …). A line
of a period reads the period's number, else the month's. ``q`` and ``hour_q`` say which periods a month has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ingestion.contract_templates.formula.units import CNY, CNY_PER_MWH, MONTH, MWH, NUMBER, POINT, Unit

ENERGY: Final = "q"
HOURLY: Final = "hour_q"
DRIVERS: Final = (ENERGY, HOURLY)
"""Inputs whose periods become lines."""


@dataclass(frozen=True)
class Input:
    """One named quantity; a computed one comes from the pricing itself and is never given."""

    name: str
    unit: Unit
    meaning: str
    meaning_zh: str = ""
    is_computed: bool = False


_ALL: Final = (
    Input(
        "q_month",
        MWH,
        "energy of the customer in the month, over all components",
        "甲方当月全部电量",
        is_computed=True,
    ),
    Input(
        "covered_fee",
        CNY,
        "fees so far of the stages that the component covers",
        "本项所涉各项费用合计",
        is_computed=True,
    ),
    Input(ENERGY, MWH, "energy of the line: of its period, and of its share where it has one", "结算电量"),
    Input(
        "base",
        CNY_PER_MWH,
        "spread reference: catalogue, benchmark or agency price that the contract names",
        "价差基准价：合同指定的目录电价、基准价或代理购电价",
    ),
    Input(
        "cost",
        CNY_PER_MWH,
        "purchase cost of the month: the retailer's energy cost over its energy",
        "乙方当月采购成本：乙方当月电能量成本除以其电量",
    ),
    Input(
        "w",
        CNY_PER_MWH,
        "wholesale reference on the customer's own curve",
        "批发参考价：按甲方用电曲线加权的批发市场价格",
    ),
    Input(
        "ref",
        CNY_PER_MWH,
        "linked reference price: the published series that the package names",
        "联动参考价：联动套餐所指定的公布价格",
    ),
    Input(
        "rt",
        CNY_PER_MWH,
        "real-time price that a deviation clause takes a rate of",
        "实时价格：偏差条款所引用的实时市场价格",
    ),
    Input(
        "market_mean",
        CNY_PER_MWH,
        "mean retail price of the market at flat periods",
        "市场零售均价：平段的全市场零售均价",
    ),
    Input("contract_q", MWH, "contracted energy of the month", "当月合同电量"),
    Input("quarter_q", MWH, "energy of the quarter that ends with the month", "截至当月的当季累计电量"),
    Input("quarter_contract_q", MWH, "contracted energy of that quarter", "当季合同电量"),
    Input("year_q", MWH, "energy of the year that ends with the month", "截至当月的当年累计电量"),
    Input("year_contract_q", MWH, "contracted energy of that year", "当年合同电量"),
    Input(
        HOURLY, MWH, "energy of an hour of the month; its periods are the hours", meaning_zh="当月各小时电量"
    ),
    Input("hour_contract_q", MWH, "contracted energy of that hour", "各小时合同电量"),
    Input("green_contract_q", MWH, "contracted green energy", "合同绿电电量"),
    Input(
        "generation", MWH, "green energy that the paired generator fed in", meaning_zh="配对绿电机组上网电量"
    ),
    Input("ceci", POINT, "coal price index of the month", "当月煤价指数"),
    Input(
        "ceci_base", POINT, "coal price index that the contract fixes", meaning_zh="合同约定的煤价指数基期值"
    ),
    Input(
        "sharp_month",
        NUMBER,
        "1 in a month with sharp periods, else 0",
        "尖峰月份标志：有尖峰时段的月份为 1，否则为 0",
    ),
    Input("balance_q", MWH, "month's meter total less the sum of its days", "月末抄见电量减去各日电量之和"),
    Input("incurred_fee", CNY, "fees incurred before termination", "解约前已发生电费"),
    Input("months_done", MONTH, "months delivered before termination", "解约前已履行月数"),
    Input("months_total", MONTH, "months of the contract's term", "合同期总月数"),
    Input(
        "grid_fee",
        CNY,
        "what the grid company charges and the retailer passes on",
        "电网企业收取、由乙方代收代付的费用",
    ),
)

INPUTS: Final = {entry.name: entry for entry in _ALL}

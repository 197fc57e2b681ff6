"""What the kinds after the energy fee say in a contract (see ``clauses``). Words only."""

from __future__ import annotations

from typing import Final

from ingestion.contract_templates.clause import Clause, Said

RISK_CLAUSE: Final = Clause(
    lambda t: [
        f"风险条款：甲方当月电费不低于批发参考价与电量乘积的 {t['lo']} 倍，不高于其 {t['hi']} 倍；"
        "超出部分调整至相应界限。"
    ],
    lambda t: [
        f"Risk clause: the fee of the month is at least {t['lo']} times and at most {t['hi']} times the "
        "wholesale reference times the energy; a fee outside is moved to the nearer bound."
    ],
)


def _cap_floor_zh(t: Said) -> list[str]:
    cap = [f"不高于封顶价 {t['cap']}"] if t.has("cap") else []
    floor = [f"不低于保底价 {t['floor']}"] if t.has("floor") else []
    return [f"甲方当月平均价格{'、'.join([*cap, *floor])}；超出部分调整至相应界限。"]


def _cap_floor_en(t: Said) -> list[str]:
    cap = [f"at most {t['cap']}"] if t.has("cap") else []
    floor = [f"at least {t['floor']}"] if t.has("floor") else []
    return [
        f"The mean price of the month is {' and '.join([*cap, *floor])}; what lies outside is moved to it."
    ]


def _cap_scale_zh(t: Said) -> list[str]:
    sharp = f"（有尖峰时段的月份为 {t['sharp_multiple']} 倍）" if t.has("sharp_multiple") else ""
    return [f"平均价格高于市场零售均价的 {t['multiple']} 倍{sharp}时，各项电能量电费按同一比例下调至该上限。"]


def _cap_scale_en(t: Said) -> list[str]:
    sharp = f" ({t['sharp_multiple']} times in a month with sharp periods)" if t.has("sharp_multiple") else ""
    return [
        f"A mean price above {t['multiple']} times the market's mean retail price{sharp} scales all energy "
        "fees down by one factor to that limit."
    ]


def _green_zh(t: Said) -> list[str]:
    lines = [
        f"绿色电力环境价值为 {t['value']}，按合同绿电电量、配对机组上网电量与甲方用电量三者最小值"
        "（取整兆瓦时）结算。"
    ]
    match t.options["shortfall"]:
        case "customer":
            lines.append(
                f"甲方用电量低于合同绿电电量的，不足部分由甲方"
                f"按环境价值的 {t.percent('shortfall_rate')} 补偿。"
            )
        case "retailer":
            lines.append(
                f"配对机组上网电量低于合同绿电电量的，不足部分由乙方"
                f"按环境价值的 {t.percent('shortfall_rate')} 补偿。"
            )
        case _:
            lines.append("绿电电量不足部分互不补偿。")
    return lines


def _green_en(t: Said) -> list[str]:
    lines = [
        f"The environmental value of green energy is {t['value']}, settled on the least of the contracted "
        "green energy, the paired generator's energy and Party A's use, in whole MWh."
    ]
    match t.options["shortfall"]:
        case "customer":
            lines.append(
                f"Party A pays {t.percent('shortfall_rate')} of that value on what its use falls short of "
                "the contracted green energy."
            )
        case "retailer":
            lines.append(
                f"Party B pays {t.percent('shortfall_rate')} of that value on what the generator falls "
                "short of the contracted green energy."
            )
        case _:
            lines.append("No compensation is due on a shortfall of green energy.")
    return lines


CAP_FLOOR_CLAUSE: Final = Clause(_cap_floor_zh, _cap_floor_en)
CAP_SCALE_CLAUSE: Final = Clause(_cap_scale_zh, _cap_scale_en)
GREEN_CLAUSE: Final = Clause(_green_zh, _green_en)
SERVICE_CLAUSE: Final = Clause(
    lambda t: [f"甲方按用电量向乙方支付服务费：{t['fee']}。"],
    lambda t: [f"Party A pays Party B a service fee on its energy: {t['fee']}."],
)
FLAT_FEE_CLAUSE: Final = Clause(
    lambda t: [f"甲方每月向乙方支付固定费用 {t['fee']}。"],
    lambda t: [f"Party A pays Party B a fixed fee of {t['fee']} each month."],
)
BALANCING_CLAUSE: Final = Clause(
    lambda t: ["月末抄见电量与各日电量之和的差额，按当月电能量平均价格（保留三位小数）清算，多退少补。"],
    lambda t: [
        "The difference between the month's meter total and the sum of its days is settled at the mean "
        "energy price of the month, rounded to three decimals."
    ],
)
TOU_BALANCE_CLAUSE: Final = Clause(
    lambda t: [
        f"各时段电量另按平段价格 {t['flat_price']} 乘以（时段系数-1）加收或扣减峰谷平衡费用，"
        f"时段系数为{t['multiple']}。"
    ],
    lambda t: [
        f"The energy of each period is also charged or credited at the flat price of {t['flat_price']} times "
        f"(multiple less 1); the multiple is {t['multiple']}."
    ],
)
MARGIN_REFUND_CLAUSE: Final = Clause(
    lambda t: [
        f"乙方当月收入超过采购成本与留存收益 {t['allowance']} 之和的部分，按 {t.percent('rate')} 返还甲方。"
    ],
    lambda t: [
        f"Of what Party B's revenue of the month exceeds its purchase cost plus a margin of "
        f"{t['allowance']}, {t.percent('rate')} goes back to Party A."
    ],
)
TERMINATION_CLAUSE: Final = Clause(
    lambda t: [
        f"提前解约的，解约费等于已发生电费除以已履行月数、乘以合同总月数、再乘以 {t.percent('rate')}，"
        f"最低 {t['least']}，最高 {t['most']}；尚未发生电费的，取最低与最高的平均值。"
    ],
    lambda t: [
        "The fee for early termination is the fees incurred over the months delivered, times the months of "
        f"the term, times {t.percent('rate')}, at least {t['least']} and at most {t['most']}; before "
        "any fee is incurred it is the mean of these two."
    ],
)
PASS_THROUGH_CLAUSE: Final = Clause(
    lambda t: ["输配电费、政府性基金及附加等由电网企业收取的费用据实代收代付，乙方不加价。"],
    lambda t: ["Grid fees, levies and other charges of the grid company are passed on at cost."],
)

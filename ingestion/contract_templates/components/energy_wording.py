"""What the energy kinds say in a contract (see ``energy``). Words only."""

from __future__ import annotations

from typing import Final

from ingestion.contract_templates.clause import Clause, Said

FIXED_CLAUSE: Final = Clause(
    lambda t: [f"电能量价格为固定价格，不随市场变动：{t['price']}。"],
    lambda t: [f"The energy price is fixed and does not move with the market: {t['price']}."],
)
TOU_CLAUSE: Final = Clause(
    lambda t: [f"电能量按时段计价，各时段价格为{t['price']}。"],
    lambda t: [f"Energy is priced by period; the price of each period is {t['price']}."],
)
SPREAD_CLAUSE: Final = Clause(
    lambda t: [f"电能量价格等于价差基准价减去固定价差 {t['d']}。"],
    lambda t: [f"The energy price is the spread reference less a fixed discount of {t['d']}."],
)
GUARANTEE_CLAUSE: Final = Clause(
    lambda t: [f"乙方保证甲方的电能量价格比价差基准价低 {t['g']}，即价格等于价差基准价减去该保底优惠。"],
    lambda t: [
        f"Party B guarantees a saving of {t['g']}: the energy price is the spread reference less this saving."
    ],
)


def _share_zh(t: Said) -> list[str]:
    rule = (
        "采购成本高于价差基准价时，亏损按同一比例由双方分担。"
        if t.options["loss"] == "shared"
        else "采购成本高于价差基准价时，亏损由乙方承担，价格等于价差基准价。"
    )
    return [
        f"价差基准价高于乙方当月采购成本的部分为节约额，甲方分得节约额的 {t.percent('s')}。"
        "电能量价格等于价差基准价减去甲方所得部分。",
        rule,
    ]


def _share_en(t: Said) -> list[str]:
    rule = (
        "A cost above the spread reference is shared in the same proportion."
        if t.options["loss"] == "shared"
        else "A cost above the spread reference is borne by Party B; the price is then the spread reference."
    )
    return [
        f"The saving is the spread reference less Party B's purchase cost of the month. Party A receives "
        f"{t.percent('s')} of it: the energy price is the spread reference less Party A's part.",
        rule,
    ]


def _either_zh(t: Said) -> list[str]:
    pick = "较高" if t.options["beneficiary"] == "customer" else "较低"
    return [
        f"甲方的优惠取以下两项中{pick}者：（一）保底优惠 {t['g']}；"
        f"（二）价差基准价与乙方当月采购成本之差的 {t.percent('s')}。"
        "电能量价格等于价差基准价减去该优惠。"
    ]


def _either_en(t: Said) -> list[str]:
    pick = "higher" if t.options["beneficiary"] == "customer" else "lower"
    return [
        f"Party A's saving is the {pick} of (1) the guaranteed saving of {t['g']} and (2) {t.percent('s')} "
        "of the spread reference less Party B's purchase cost of the month. The energy price is the spread "
        "reference less this saving."
    ]


def _linked_zh(t: Said) -> list[str]:
    fee = f"，再加 {t['fee']}" if t.has("fee") else ""
    return [f"电能量价格与市场联动：等于联动参考价乘以系数 {t['k']}{fee}。"]


def _linked_en(t: Said) -> list[str]:
    fee = f", plus {t['fee']}" if t.has("fee") else ""
    return [f"The energy price follows the market: the linked reference price times {t['k']}{fee}."]


def _bands(t: Said) -> int:
    return sum(name.startswith("price_") for name in t.numbers)


def _tiered_zh(t: Said) -> list[str]:
    last = _bands(t)
    lines = []
    for band in range(1, last + 1):
        low = f"超过 {t[f'upto_{band - 1}']}" if band > 1 else ""
        high = f"不超过 {t[f'upto_{band}']}" if band < last else ""
        edge = "、".join(part for part in (low, high) if part) or "全部电量"
        lines.append(f"第{band}档（{edge}）：{t[f'price_{band}']}。")
    rule = (
        "全部电量按当月电量所达档位的价格计价。"
        if t.options["tiers"] == "cumulative"
        else "各档电量分别按本档价格计价，各档电费相加。"
    )
    return ["电能量按月用电量分档计价：", *lines, rule]


def _tiered_en(t: Said) -> list[str]:
    last = _bands(t)
    lines = []
    for band in range(1, last + 1):
        low = f"above {t[f'upto_{band - 1}']}" if band > 1 else ""
        high = f"up to {t[f'upto_{band}']}" if band < last else ""
        edge = ", ".join(part for part in (low, high) if part) or "all energy"
        lines.append(f"Band {band} ({edge}): {t[f'price_{band}']}.")
    rule = (
        "All energy of the month is charged at the price of the band that it reaches."
        if t.options["tiers"] == "cumulative"
        else "The energy within each band is charged at the price of that band; the charges are added."
    )
    return ["Energy is priced in bands of the month's use:", *lines, rule]


SHARE_CLAUSE: Final = Clause(_share_zh, _share_en)
GUARANTEE_SHARE_CLAUSE: Final = Clause(
    lambda t: [
        f"甲方的优惠等于保底优惠 {t['g']}，加上价差基准价减去乙方当月采购成本及保底优惠后余额"
        f"（为正时）的 {t.percent('s')}。电能量价格等于价差基准价减去该优惠。"
    ],
    lambda t: [
        f"Party A's saving is the guaranteed {t['g']} plus {t.percent('s')} of what remains, if positive, of "
        "the spread reference after Party B's purchase cost of the month and the guaranteed saving. The "
        "energy price is the spread reference less this saving."
    ],
)
GUARANTEE_OR_SHARE_CLAUSE: Final = Clause(_either_zh, _either_en)
LINKED_CLAUSE: Final = Clause(_linked_zh, _linked_en)
TIERED_CLAUSE: Final = Clause(_tiered_zh, _tiered_en)
COAL_LINKED_CLAUSE: Final = Clause(
    lambda t: [
        f"煤价指数较约定基期每变动 {t['step']}（不足一档的部分舍去），全部电量的价格"
        f"相应加收 {t['float_price']}；"
        "指数下降时相应扣减。"
    ],
    lambda t: [
        f"For every full {t['step']} by which the coal price index exceeds the agreed base, the price of all "
        f"energy rises by {t['float_price']}; a fall of the index lowers it in the same way."
    ],
)

"""Kinds that act after the energy fee: risk clause, caps, green value, service, guards (domain §3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ingestion.contract_templates.components.clauses_wording import (
    BALANCING_CLAUSE,
    CAP_FLOOR_CLAUSE,
    CAP_SCALE_CLAUSE,
    FLAT_FEE_CLAUSE,
    GREEN_CLAUSE,
    MARGIN_REFUND_CLAUSE,
    PASS_THROUGH_CLAUSE,
    RISK_CLAUSE,
    SERVICE_CLAUSE,
    TERMINATION_CLAUSE,
    TOU_BALANCE_CLAUSE,
)
from ingestion.contract_templates.components.energy import ONE, ZERO
from ingestion.contract_templates.formula.units import CNY, CNY_PER_MWH, NUMBER
from ingestion.contract_templates.kinds import Choice, Kind, Parameter, Stage

_CAP_COVERS: Final[tuple[Stage, ...]] = ("energy", "balancing", "deviation", "cap_floor")


def _cap_floor(choice: Choice) -> str:
    low, high = "floor * q" if "floor" in choice.given else "", "cap * q" if "cap" in choice.given else ""
    if low and high:
        return f"clamp(covered_fee, {low}, {high}) - covered_fee"
    return f"max(covered_fee, {low}) - covered_fee" if low else f"min(covered_fee, {high}) - covered_fee"


def _cap_floor_problems(choice: Choice) -> list[str]:
    return [] if {"cap", "floor"} & set(choice.given) else ["give cap, floor or both"]


def _cap_scale(choice: Choice) -> str:
    multiple = "multiple"
    if "sharp_multiple" in choice.given:
        multiple = "if(sharp_month = 1, sharp_multiple, multiple)"
    return f"min(1, market_mean * {multiple} / (covered_fee / q))"


def _green(choice: Choice) -> str:
    agreed = "min(green_contract_q, volume_rate * q)" if "volume_rate" in choice.given else "green_contract_q"
    delivered = f"value * trunc(min({agreed}, generation, q))"
    match choice.options["shortfall"]:
        case "customer":
            return f"{delivered} + shortfall_rate * value * trunc(pos({agreed} - q))"
        case "retailer":
            return f"{delivered} - shortfall_rate * value * trunc(pos({agreed} - generation))"
    return delivered


def _green_problems(choice: Choice) -> list[str]:
    is_charged = choice.options["shortfall"] != "free"
    if is_charged != ("shortfall_rate" in choice.given):
        return ["shortfall_rate goes with shortfall: customer or shortfall: retailer"]
    return []


RISK: Final = Kind(
    "risk",
    "risk clause",
    "风险条款",
    lambda choice: "clamp(covered_fee, lo * w * q, hi * w * q) - covered_fee",
    (
        Parameter("lo", NUMBER, "least multiple of the wholesale reference", minimum=ZERO),
        Parameter("hi", NUMBER, "greatest multiple of the wholesale reference", minimum=ZERO),
    ),
    stage="cap_floor",
    result="fee",
    covers=("energy", "balancing"),
    clause=RISK_CLAUSE,
)
CAP_FLOOR: Final = Kind(
    "cap_floor",
    "cap and floor of the mean price",
    "封顶保底价",
    _cap_floor,
    (
        Parameter("cap", CNY_PER_MWH, "greatest mean price", is_required=False),
        Parameter("floor", CNY_PER_MWH, "least mean price", is_required=False),
    ),
    stage="cap_floor",
    result="fee",
    covers=_CAP_COVERS,
    problems=_cap_floor_problems,
    clause=CAP_FLOOR_CLAUSE,
)
CAP_SCALE: Final = Kind(
    "cap_scale",
    "scaling to the market cap",
    "封顶等比例调整",
    _cap_scale,
    (
        Parameter("multiple", NUMBER, "cap as a multiple of the market mean", minimum=ZERO),
        Parameter("sharp_multiple", NUMBER, "the same in a month with sharp periods", False, minimum=ZERO),
    ),
    stage="cap_floor",
    result="factor",
    covers=("energy",),
    clause=CAP_SCALE_CLAUSE,
)
GREEN: Final = Kind(
    "green",
    "green value",
    "绿电环境价值",
    _green,
    (
        Parameter("value", CNY_PER_MWH, "environmental value", minimum=ZERO),
        Parameter(
            "shortfall_rate", NUMBER, "part of the value due on a shortfall", False, minimum=ZERO, maximum=ONE
        ),
        Parameter(
            "volume_rate", NUMBER, "greatest green energy as a multiple of the use", False, minimum=ZERO
        ),
    ),
    {"shortfall": ("free", "customer", "retailer")},
    stage="green",
    result="fee",
    problems=_green_problems,
    clause=GREEN_CLAUSE,
)
SERVICE: Final = Kind(
    "service",
    "service fee",
    "服务费",
    lambda choice: "fee",
    (Parameter("fee", CNY_PER_MWH, "fee for each MWh"),),
    stage="service",
    clause=SERVICE_CLAUSE,
)
FLAT_FEE: Final = Kind(
    "flat_fee",
    "fixed monthly fee",
    "固定月费",
    lambda choice: "fee",
    (Parameter("fee", CNY, "fee of a month"),),
    stage="service",
    result="fee",
    clause=FLAT_FEE_CLAUSE,
)
BALANCING: Final = Kind(
    "balancing",
    "month-end meter difference",
    "月末电量清算",
    lambda choice: "balance_q * round(covered_fee / q, 3)",
    stage="balancing",
    result="fee",
    covers=("energy",),
    clause=BALANCING_CLAUSE,
)
TOU_BALANCE: Final = Kind(
    "tou_balance",
    "time-of-use balance",
    "峰谷平衡",
    lambda choice: "q * flat_price * (multiple - 1)",
    (
        Parameter("flat_price", CNY_PER_MWH, "price that the multiples float on"),
        Parameter("multiple", NUMBER, "multiple of each period", by_period=True, minimum=ZERO),
    ),
    stage="balancing",
    result="fee",
    grain="period",
    clause=TOU_BALANCE_CLAUSE,
)
MARGIN_REFUND: Final = Kind(
    "margin_refund",
    "refund of excess margin",
    "超额收益返还",
    lambda choice: "-pos(covered_fee - (cost + allowance) * q) * rate",
    (
        Parameter("allowance", CNY_PER_MWH, "margin that the retailer keeps", minimum=ZERO),
        Parameter("rate", NUMBER, "part of the excess that goes back", minimum=ZERO, maximum=ONE),
    ),
    stage="refund",
    result="fee",
    covers=("energy", "balancing", "deviation", "cap_floor"),
    clause=MARGIN_REFUND_CLAUSE,
)
TERMINATION: Final = Kind(
    "termination",
    "termination fee",
    "解约费",
    lambda choice: (
        "if(incurred_fee > 0, clamp(incurred_fee / months_done * months_total * rate, least, most), "
        "(least + most) / 2)"
    ),
    (
        Parameter("rate", NUMBER, "part of the term's fees", minimum=ZERO, maximum=ONE),
        Parameter("least", CNY, "least fee", minimum=ZERO),
        Parameter("most", CNY, "greatest fee", minimum=Decimal("0.01")),
    ),
    stage="service",
    result="fee",
    clause=TERMINATION_CLAUSE,
)
PASS_THROUGH: Final = Kind(
    "pass_through",
    "charges passed on",
    "代收代付",
    lambda choice: "grid_fee",
    stage="pass_through",
    result="fee",
    clause=PASS_THROUGH_CLAUSE,
)

"""Kinds that price energy: rows 1–9, 11 and 13 of domain §3. `mixed` is several of them with shares."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ingestion.contract_templates.components.energy_wording import (
    COAL_LINKED_CLAUSE,
    FIXED_CLAUSE,
    GUARANTEE_CLAUSE,
    GUARANTEE_OR_SHARE_CLAUSE,
    GUARANTEE_SHARE_CLAUSE,
    LINKED_CLAUSE,
    SHARE_CLAUSE,
    SPREAD_CLAUSE,
    TIERED_CLAUSE,
    TOU_CLAUSE,
)
from ingestion.contract_templates.formula.units import CNY_PER_MWH, MWH, NUMBER, POINT
from ingestion.contract_templates.kinds import Choice, Kind, Parameter

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
_SAVING_SHARE: Final = Parameter(
    "s", NUMBER, "the customer's share of base less cost", minimum=ZERO, maximum=ONE
)
_GUARANTEED: Final = Parameter(
    "g", CNY_PER_MWH, "saving against base that the retailer guarantees", minimum=ZERO
)


def _share(choice: Choice) -> str:
    saved = "base - cost" if choice.options["loss"] == "shared" else "pos(base - cost)"
    return f"base - s * ({saved})"


def _guarantee_or_share(choice: Choice) -> str:
    pick = "max" if choice.options["beneficiary"] == "customer" else "min"
    return f"base - {pick}(g, s * (base - cost))"


def _tiered(choice: Choice) -> str:
    """Marginal: each band at its own price. Cumulative: all energy at the price of the band it reaches."""
    bands = choice.given["price"]
    if choice.options["tiers"] == "cumulative":
        text = f"q * price_{bands}"
        for band in range(bands - 1, 0, -1):
            text = f"if(q <= upto_{band}, q * price_{band}, {text})"
        return text
    parts = []
    for band in range(1, bands + 1):
        top = f"min(q, upto_{band})" if band < bands else "q"
        parts.append(f"price_{band} * " + (top if band == 1 else f"pos({top} - upto_{band - 1})"))
    return " + ".join(parts)


def _tier_problems(choice: Choice) -> list[str]:
    prices, edges = choice.given.get("price", 0), choice.given.get("upto", 0)
    if edges != prices - 1:
        return [f"{prices} prices need {max(prices - 1, 0)} edges under upto, not {edges}"]
    return []


FIXED: Final = Kind(
    "fixed",
    "fixed price",
    "固定价格",
    lambda choice: "price",
    (Parameter("price", CNY_PER_MWH, "price of all energy"),),
    takes_share=True,
    clause=FIXED_CLAUSE,
)
TOU: Final = Kind(
    "tou",
    "time-of-use prices",
    "分时价格",
    lambda choice: "price",
    (Parameter("price", CNY_PER_MWH, "price of each period", by_period=True),),
    grain="period",
    takes_share=True,
    clause=TOU_CLAUSE,
)
SPREAD: Final = Kind(
    "spread",
    "fixed spread",
    "固定价差",
    lambda choice: "base - d",
    (Parameter("d", CNY_PER_MWH, "discount against base"),),
    takes_share=True,
    clause=SPREAD_CLAUSE,
)
GUARANTEE: Final = Kind(
    "guarantee",
    "guaranteed saving",
    "保底",
    lambda choice: "base - g",
    (_GUARANTEED,),
    takes_share=True,
    clause=GUARANTEE_CLAUSE,
)
SHARE: Final = Kind(
    "share",
    "shared saving",
    "分成",
    _share,
    (_SAVING_SHARE,),
    {"loss": ("retailer", "shared")},
    takes_share=True,
    clause=SHARE_CLAUSE,
)
GUARANTEE_SHARE: Final = Kind(
    "guarantee_share",
    "guaranteed and shared saving",
    "保底加分成",
    lambda choice: "base - (g + s * pos(base - cost - g))",
    (_GUARANTEED, _SAVING_SHARE),
    takes_share=True,
    clause=GUARANTEE_SHARE_CLAUSE,
)
GUARANTEE_OR_SHARE: Final = Kind(
    "guarantee_or_share",
    "guaranteed or shared saving",
    "保底或分成",
    _guarantee_or_share,
    (_GUARANTEED, _SAVING_SHARE),
    {"beneficiary": ("customer", "retailer")},
    takes_share=True,
    clause=GUARANTEE_OR_SHARE_CLAUSE,
)
LINKED: Final = Kind(
    "linked",
    "market-linked price",
    "市场联动",
    lambda choice: "k * ref + fee" if "fee" in choice.given else "k * ref",
    (
        Parameter("k", NUMBER, "multiple of the series", minimum=ZERO),
        Parameter("fee", CNY_PER_MWH, "added to the series", is_required=False),
    ),
    {"series": ("unnamed", "day_ahead", "real_time", "monthly", "yearly")},
    takes_share=True,
    clause=LINKED_CLAUSE,
)
TIERED: Final = Kind(
    "tiered",
    "tiered prices",
    "阶梯价格",
    _tiered,
    (
        Parameter("price", CNY_PER_MWH, "price of each band, lowest band first", is_list=True),
        Parameter("upto", MWH, "upper edge of each band but the last", is_list=True, minimum=ZERO),
    ),
    {"tiers": ("marginal", "cumulative")},
    result="fee",
    takes_share=True,
    problems=_tier_problems,
    clause=TIERED_CLAUSE,
)
COAL_LINKED: Final = Kind(
    "coal_linked",
    "coal-linked surcharge",
    "煤电联动",
    lambda choice: "trunc((ceci - ceci_base) / step) * float_price",
    (
        Parameter("step", POINT, "points of the index that count as one step", minimum=Decimal("0.001")),
        Parameter("float_price", CNY_PER_MWH, "surcharge of a step; a fall is a discount"),
    ),
    clause=COAL_LINKED_CLAUSE,
)

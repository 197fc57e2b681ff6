"""Deviation clauses, all modes (domain §3): only energy beyond a band costs, times the customer's share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ingestion.contract_templates.components.deviation_wording import DEVIATION_CLAUSE
from ingestion.contract_templates.components.energy import ONE, ZERO
from ingestion.contract_templates.formula.units import CNY_PER_MWH, NUMBER
from ingestion.contract_templates.inputs import ENERGY, HOURLY
from ingestion.contract_templates.kinds import Choice, Kind, Parameter

_ENERGY: Final = {
    "month": ("q", "contract_q"),
    "quarter": ("quarter_q", "quarter_contract_q"),
    "year": ("year_q", "year_contract_q"),
    "hourly": ("hour_q", "hour_contract_q"),
}
_STEPS: Final = ("", "_2")


def _parameters() -> Iterator[Parameter]:
    for side, words in (("up", "above"), ("down", "below")):
        for step, which in zip(_STEPS, ("first", "second"), strict=True):
            name = f"{side}_{{}}{step}".format
            yield Parameter(name("band"), NUMBER, f"{which} band {words} the contract", False, minimum=ZERO)
            yield Parameter(name("price"), CNY_PER_MWH, f"price beyond the {which} band {words}", False)
            yield Parameter(
                name("rate"),
                NUMBER,
                f"the same as a rate of the real-time price, {words}",
                False,
                minimum=ZERO,
            )
    yield Parameter("customer_share", NUMBER, "the customer's part", False, minimum=ZERO, maximum=ONE)


def _price(choice: Choice, side: str, step: str) -> str:
    return (
        f"{side}_price{step}"
        if f"{side}_price{step}" in choice.given
        else f"round({side}_rate{step} * rt, 3)"
    )


def _side(choice: Choice, side: str) -> list[str]:
    """Terms of one side; with a second step the first price ends where the second band begins."""
    if f"{side}_band" not in choice.given:
        return []
    used, agreed = _ENERGY[choice.options["mode"]]
    beyond = f"{used} - {agreed}" if side == "up" else f"{agreed} - {used}"
    first = f"{agreed} * {side}_band"
    if f"{side}_band_2" not in choice.given:
        return [f"pos({beyond} - {first}) * {_price(choice, side, '')}"]
    second = f"{agreed} * {side}_band_2"
    return [
        f"pos(min({beyond}, {second}) - {first}) * {_price(choice, side, '')}",
        f"pos({beyond} - {second}) * {_price(choice, side, '_2')}",
    ]


def _formula(choice: Choice) -> str:
    if choice.options["mode"] == "none":
        return "0"
    charge = " + ".join([*_side(choice, "up"), *_side(choice, "down")])
    share = {"customer": "", "retailer": " * 0", "shared": " * customer_share"}[choice.options["bears"]]
    return f"({charge}){share}" if share else charge


def _problems(choice: Choice) -> list[str]:
    given = choice.given
    if choice.options["mode"] == "none":
        return [f"mode none takes no {', '.join(given)}"] if given else []
    found = [] if {"up_band", "down_band"} & set(given) else ["give up_band, down_band or both"]
    for side in ("up", "down"):
        for step in _STEPS:
            band, price, rate = (f"{side}_{word}{step}" for word in ("band", "price", "rate"))
            prices = sum(name in given for name in (price, rate))
            if band in given and prices != 1:
                found.append(f"{band} needs {price} or {rate}, one of them")
            if band not in given and prices:
                found.append(f"{price if price in given else rate} needs {band}")
        if f"{side}_band_2" in given and f"{side}_band" not in given:
            found.append(f"{side}_band_2 needs {side}_band")
    if (choice.options["bears"] == "shared") != ("customer_share" in given):
        found.append("customer_share goes with bears: shared")
    return found


_SHAPE: Final = tuple(_parameters())
_BEARS: Final = ("customer", "retailer", "shared")
DEVIATION: Final = Kind(
    "deviation",
    "deviation clause",
    "偏差考核",
    _formula,
    _SHAPE,
    {"mode": ("month", "none", "quarter", "year"), "bears": _BEARS},
    stage="deviation",
    result="fee",
    driver=ENERGY,
    problems=_problems,
    clause=DEVIATION_CLAUSE,
)
HOURLY_DEVIATION: Final = Kind(
    "hourly_deviation",
    "hourly deviation clause",
    "分时偏差考核",
    _formula,
    _SHAPE,
    {"mode": ("hourly",), "bears": _BEARS},
    stage="deviation",
    result="fee",
    grain="period",
    driver=HOURLY,
    sums_periods=True,
    problems=_problems,
    clause=DEVIATION_CLAUSE,
)

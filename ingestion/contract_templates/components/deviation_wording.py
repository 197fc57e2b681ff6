"""What the deviation clauses say in a contract (see ``deviation``): bands, prices, who bears the charge."""

from __future__ import annotations

from typing import Final

from ingestion.contract_templates.clause import Clause, Said

_SPAN_ZH: Final = {"month": "当月", "quarter": "当季累计", "year": "当年累计", "hourly": "每小时"}
_SPAN_EN: Final = {"month": "month", "quarter": "quarter", "year": "year", "hourly": "hour"}


def _price_zh(t: Said, side: str, step: str) -> str:
    name = f"{side}_price{step}"
    return t[name] if t.has(name) else f"实时价格的 {t.percent(f'{side}_rate{step}')}"


def _price_en(t: Said, side: str, step: str) -> str:
    name = f"{side}_price{step}"
    return t[name] if t.has(name) else f"{t.percent(f'{side}_rate{step}')} of the real-time price"


def _side_zh(t: Said, side: str) -> list[str]:
    if not t.has(f"{side}_band"):
        return []
    word, span = {"up": "超过", "down": "低于"}[side], _SPAN_ZH[t.options["mode"]]
    band = t.percent(f"{side}_band")
    text = f"{span}用电量{word}合同电量 {band} 以内的部分免于考核"
    if not t.has(f"{side}_band_2"):
        return [f"{text}；超出部分按 {_price_zh(t, side, '')} 计收。"]
    second = t.percent(f"{side}_band_2")
    return [
        f"{text}；{band} 至 {second} 的部分按 {_price_zh(t, side, '')} 计收；"
        f"{second} 以外的部分按 {_price_zh(t, side, '_2')} 计收。"
    ]


def _side_en(t: Said, side: str) -> list[str]:
    if not t.has(f"{side}_band"):
        return []
    word, span = {"up": "above", "down": "below"}[side], _SPAN_EN[t.options["mode"]]
    band = t.percent(f"{side}_band")
    text = f"Use of the {span} up to {band} {word} the contracted energy is free"
    if not t.has(f"{side}_band_2"):
        return [f"{text}; what lies beyond is charged at {_price_en(t, side, '')}."]
    second = t.percent(f"{side}_band_2")
    return [
        f"{text}; from {band} to {second} it is charged at {_price_en(t, side, '')}, and beyond {second} at "
        f"{_price_en(t, side, '_2')}."
    ]


def _zh(t: Said) -> list[str]:
    if t.options["mode"] == "none":
        return ["不进行偏差考核。"]
    bears = {"customer": "偏差费用由甲方承担。", "retailer": "偏差费用由乙方承担。"}.get(t.options["bears"])
    bears = bears or f"偏差费用由双方分担，甲方承担 {t.percent('customer_share')}。"
    return [*_side_zh(t, "up"), *_side_zh(t, "down"), bears]


def _en(t: Said) -> list[str]:
    if t.options["mode"] == "none":
        return ["Deviations from the contracted energy are not charged."]
    bears = {"customer": "Party A bears the charge.", "retailer": "Party B bears the charge."}.get(
        t.options["bears"]
    )
    bears = bears or f"The charge is shared; Party A bears {t.percent('customer_share')} of it."
    return [*_side_en(t, "up"), *_side_en(t, "down"), bears]


DEVIATION_CLAUSE: Final = Clause(_zh, _en)

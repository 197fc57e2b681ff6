"""Words of the export in Chinese and English: sides of the market, columns that marts add, scopes."""

from __future__ import annotations

from typing import Final

from ingestion.documents.language import Lang

Pair = tuple[str, str]

SIDES: Final[dict[str, Pair]] = {
    "retail": ("零售", "Retail"),
    "wholesale": ("批发", "Wholesale"),
    "recovery": ("偏差收益回收", "Deviation recovery"),
    "operation": ("市场运营费用", "Market operation"),
    "income": ("其他收入", "Other income"),
}
SCOPES: Final[dict[str, Pair]] = {
    "province": ("按省份", "By province"),
    "package": ("按套餐", "By package"),
    "channel": ("按渠道", "By channel"),
    "customer": ("按客户", "By customer"),
    "contract": ("按合同", "By contract"),
    "total": ("合计", "Total"),
}
CHECKS: Final[dict[str, Pair]] = {
    "lines_and_month": ("明细与月度汇总", "lines and month"),
    "lines_and_statements": ("明细与结算单", "lines and statements"),
    "contracts_and_month": ("合同毛利与月度汇总", "margins of contracts and month"),
    "billed_and_metered": ("计费电量与计量电量", "billed and metered energy"),
    "agrees": ("一致", "agrees"),
    "within_rounding": ("舍入差以内", "within rounding"),
    "differs": ("不一致", "differs"),
    "margin": ("购销差", "Margin"),
    "energy": ("电量", "Energy"),
    "cny": ("元", "CNY"),
    "mwh": ("兆瓦时", "MWh"),
}
RECONCILED: Final[dict[str, Pair]] = {
    "grid_company": ("电网企业", "grid company"),
    "trading_centre": ("交易中心", "trading centre"),
    "within_tolerance": ("容差以内", "within tolerance"),
    "quantity": ("电量差异", "quantity"),
    "price": ("电价差异", "price"),
    "rule": ("规则差异", "rule"),
    "missing_ours": ("本方缺失", "missing on our side"),
    "missing_theirs": ("对方缺失", "missing on theirs"),
    "account": ("户号", "account"),
    "retailer": ("本公司", "retailer"),
    "regular": ("本月", "regular"),
    "correction": ("退补", "correction"),
    "open": ("可提异议", "open"),
    "objection_lapsed": ("异议期已过,可提争议", "objection lapsed"),
    "lapsed": ("期限已过", "lapsed"),
    "deadline_unknown": ("期限不明", "deadline unknown"),
}
_UNITS: Final[dict[str, Pair]] = {
    "_cny_per_mwh": ("(元/兆瓦时)", " (CNY/MWh)"),
    "_cny": ("(元)", " (CNY)"),
    "_mwh": ("(兆瓦时)", " (MWh)"),
}
_NAMES: Final[dict[str, Pair]] = {
    **SIDES,
    "margin": ("购销差", "Margin"),
    "deviation_rate": ("偏差率", "Deviation rate"),
    "run_id": ("结算批次", "Settlement run"),
    "origin_month": ("差错所属月份", "Month of origin"),
    "supersedes_line_id": ("被更正行号", "Superseded line"),
    "reason_code": ("更正原因", "Reason of the correction"),
    "natural_line_id": ("原始行号", "Line of origin"),
    "pass_through": ("代收代付", "Passed on"),
    "commission": ("渠道佣金", "Commission"),
    "value_added": ("增值服务", "Value-added services"),
    "agency": ("代理费", "Agency fees"),
}


def chosen(pair: Pair, lang: Lang) -> str:
    """The word of the language."""
    return pair[0] if lang == "zh" else pair[1]


def side_word(side: str, lang: Lang) -> str:
    """Say a side of the market; one without words by its own name."""
    return chosen(SIDES.get(side, (side, side)), lang)


def column_words(name: str) -> Pair:
    """Headings of a column that a mart has and this room does not know, from its parts.

    >>> column_words("recovery_cny")
    ('偏差收益回收(元)', 'Deviation recovery (CNY)')
    >>> column_words("checked_by")
    ('checked by', 'checked by')
    """
    unit = next((suffix for suffix in _UNITS if name.endswith(suffix)), "")
    stem = name.removesuffix(unit)
    plain = stem.replace("_", " ")
    zh, en = _NAMES.get(stem, (plain, plain))
    unit_zh, unit_en = _UNITS.get(unit, ("", ""))
    return zh + unit_zh, en + unit_en

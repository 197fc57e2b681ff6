"""The article on the contract's own deviation clause (feed contract_deviation)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingestion.contract_templates.clause import percent, with_unit
from ingestion.contract_templates.documents.facts import Deviation, DeviationSide
from ingestion.contract_templates.formula import UNITS
from ingestion.documents.blocks import Paragraph
from ingestion.documents.language import Lang, chosen, tight

_MODES = {
    "month": ("按月", "month"),
    "quarter": ("按季", "quarter"),
    "year": ("按年", "year"),
    "hourly": ("按小时", "hour"),
}
_SERIES = {
    "da_unified": ("日前市场统一结算点价格", "day-ahead unified price"),
    "rt_unified": ("实时市场统一结算点价格", "real-time unified price"),
}


def deviation_blocks(deviation: Deviation, lang: Lang) -> Iterator[Paragraph]:
    """The clause in words, one paragraph a side."""
    if deviation.mode == "none":
        yield Paragraph(
            chosen("双方不进行偏差考核。", "Deviations from the contracted energy are not charged.", lang)
        )
        return
    zh, en = _MODES[deviation.mode]
    yield Paragraph(
        chosen(
            f"偏差{zh}考核：将甲方实际用电量与合同电量比较。",
            f"Use is compared with the contracted energy of each {en}.",
            lang,
        )
    )
    for side, words in ((deviation.up, ("高于", "above")), (deviation.down, ("低于", "below"))):
        if side.band_rate is not None and side.price is not None:
            yield Paragraph(tight(_side(deviation, side, words, lang)))
    yield Paragraph(_bearer(deviation, lang))


def _side(deviation: Deviation, side: DeviationSide, words: tuple[str, str], lang: Lang) -> str:
    assert side.band_rate is not None  # the caller asked
    assert side.price is not None
    band, price = percent(side.band_rate), _price(deviation, side.price, lang)
    zh = f"实际用电量{words[0]}合同电量 {band} 以内的部分免于考核"
    en = f"Use up to {band} {words[1]} the contract is free"
    if side.second_band_rate is None or side.second_price is None:
        return chosen(f"{zh}；超出部分按 {price} 计收。", f"{en}; what lies beyond costs {price}.", lang)
    second, dearer = percent(side.second_band_rate), _price(deviation, side.second_price, lang)
    return chosen(
        f"{zh}；{band} 至 {second} 的部分按 {price} 计收，{second} 以外的部分按 {dearer} 计收。",
        f"{en}; from {band} to {second} it costs {price}, and beyond {second} {dearer}.",
        lang,
    )


def _price(deviation: Deviation, price: Decimal, lang: Lang) -> str:
    if deviation.price_basis == "rate_of_series":
        series = str(deviation.price_series)
        zh, en = _SERIES.get(series, (series, series))
        return chosen(f"{zh}均值的 {percent(price)}", f"{percent(price)} of the mean {en}", lang)
    return with_unit(price, UNITS["cny_per_mwh"], lang)


def _bearer(deviation: Deviation, lang: Lang) -> str:
    match deviation.borne_by:
        case "customer":
            return chosen("偏差费用由甲方承担。", "Party A bears the charge.", lang)
        case "retailer":
            return chosen("偏差费用由乙方承担。", "Party B bears the charge.", lang)
    assert deviation.customer_share_rate is not None  # the feed's rule
    share = percent(deviation.customer_share_rate)
    return chosen(
        f"偏差费用由双方分担，甲方承担 {share}。", f"The charge is shared; Party A bears {share} of it.", lang
    )

"""The words of a retail statement in both languages, and its facts as labelled values; for every format."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ingestion.documents.language import Lang, chosen, day, month, period_word
from orchestration.exports.statements import ContractPart, Record, Statement

Fact = tuple[str, str]

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("零售电费结算单", "Retail Settlement Statement"),
    "item": ("费用项", "Item"),
    "account": ("户号", "Account"),
    "period": ("时段", "Period"),
    "quantity": ("电量(兆瓦时)", "Energy (MWh)"),
    "price": ("电价(元/兆瓦时)", "CNY/MWh"),
    "amount": ("含税金额(元)", "Gross (CNY)"),
    "net": ("不含税(元)", "Net (CNY)"),
    "vat": ("税额(元)", "VAT (CNY)"),
    "subtotal": ("小计", "subtotal"),
    "contract_total": ("合同合计", "Contract total"),
    "total": ("合计", "Total"),
    "contract": ("合同", "Contract"),
    "by_contract": ("合同汇总", "Contracts"),
    "by_account": ("户号汇总", "Accounts"),
    "tax": ("税额明细", "Value-added tax"),
    "rate": ("税率", "VAT rate"),
    "points": ("计量点", "Metering points"),
    "point": ("计量点", "Metering point"),
    "meter": ("电能表", "Meter"),
    "from": ("起", "From"),
    "to": ("止", "To"),
    "control": ("核对", "Control"),
    "lines": ("明细行数", "Lines"),
    "whole_contract": ("整份合同", "whole contract"),
}


_REASONS: Final[dict[str, tuple[str, str]]] = {
    "quantity_revised": ("电量修订", "quantity revised"),
    "value_revised": ("价格或曲线修订", "prices or curve revised"),
    "rule_revised": ("规则修订", "rule revised"),
}


def word(name: str, lang: Lang) -> str:
    """A fixed word of the statement."""
    return chosen(*_WORDS[name], lang)


def head_facts(statement: Statement, lang: Lang) -> Iterator[Fact]:
    """Who owes what for which month."""
    name = chosen(statement.zh, statement.en, lang)
    number = chosen(f"（编号 {statement.customer_id}）", f" ({statement.customer_id})", lang)
    yield chosen("客户", "Customer", lang), name + number
    yield chosen("结算月份", "Delivery month", lang), month(statement.month, lang)
    if statement.runs:
        yield chosen("结算批次", "Settlement run", lang), ", ".join(statement.runs)


def contract_facts(part: ContractPart, lang: Lang) -> Iterator[Fact]:
    """Under which contract, package and rules the lines were settled."""
    head = part.head
    first, last = day(head["effective_from"], lang), day(head["effective_to"], lang)
    province = str(head["province"]).replace("_", " ").title()
    yield chosen("省份", "Province", lang), chosen(head["province_name"], province, lang)
    yield chosen("合同期限", "Term", lang), chosen(f"{first}至{last}", f"{first} to {last}", lang)
    yield chosen("套餐", "Package", lang), _package(head, lang)
    yield chosen("规则包", "Rule pack", lang), _packs(head, lang)
    counted = chosen(
        f"{head['accounts']} 个户号，{head['metering_points']} 个计量点",
        f"accounts: {head['accounts']}, metering points: {head['metering_points']}",
        lang,
    )
    yield chosen("计量", "Metering", lang), counted


def _package(head: Record, lang: Lang) -> str:
    if head["package_id"] is None:
        types = {"fixed": ("固定价", "fixed price"), "tou_fixed": ("分时固定价", "fixed time-of-use prices")}
        return chosen(*types.get(head["package_type"], (head["package_type"],) * 2), lang)
    title = head[f"package_title_{lang}"] or head["package_id"]
    version = head["package_version"]
    return chosen(
        f"{title}（编号 {head['package_id']}，版本 {version}）",
        f"{title} ({head['package_id']}, version {version})",
        lang,
    )


def _packs(head: Record, lang: Lang) -> str:
    hashes = [text[:12] for text in str(head["pack_hashes"] or "").split(", ")]
    versions = str(head["pack_versions"] or "").split(", ")
    if len(hashes) != len(versions):  # a version that holds a comma; all hashes are in the tables
        versions = [str(head["pack_versions"])] * len(hashes)
    said = [
        chosen(f"版本 {version}（{digest}）", f"version {version} ({digest})", lang)
        for version, digest in zip(versions, hashes, strict=True)
    ]
    return chosen("，", ", ", lang).join(said)


def line_title(line: Record, lang: Lang) -> str:
    """What the line is for; a correction says which month it corrects, and why.

    A reason of somebody's own (``resettle --reason``) stands in their words.
    """
    title = str(line[f"title_{lang}"])
    if line["reason_code"] is None:
        return title
    reason = chosen(*_REASONS.get(line["reason_code"], (line["reason_code"],) * 2), lang)
    origin = month(line["origin_month"], lang)
    return title + chosen(f"（更正{origin}：{reason}）", f" (correction of {origin}: {reason})", lang)


def line_account(line: Record, lang: Lang) -> str:
    """Whose the line is; a fee of the whole contract has no account."""
    return line["account_id"] or word("whole_contract", lang)


def line_period(line: Record, lang: Lang) -> str:
    """The period of the line."""
    return period_word(line["tou_period"], lang)


def line_price(line: Record) -> Decimal | None:
    """The price, or where every slot has its own, the mean."""
    price: Decimal | None = line["price_cny_per_mwh"]
    return line["average_price_cny_per_mwh"] if price is None else price


def rate_text(rate: Decimal) -> str:
    """A rate as a percentage; moving the decimal point is exact."""
    return format(rate.scaleb(2).normalize(), "f") + "%"


def notes(statement: Statement, lang: Lang) -> list[str]:
    """What a reader has to know."""
    found = [
        chosen(
            "金额均含增值税，逐行四舍五入到分后相加；不含税金额与税额按行拆分。",
            "Amounts include value-added tax; each line is rounded to the fen and then added. Net and "
            "tax are split per line.",
            lang,
        )
    ]
    if statement.is_illustrative:
        found.append(
            chosen(
                "本单含没有公开来源的示例规则参数，不作为付款依据。",
                "This statement rests on illustrative rule values without a published source; it is no basis "
                "for payment.",
                lang,
            )
        )
    return found

"""The retail contract: articles from the facts and the package definition, the same for every format."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ingestion.contract_templates.clause import plain
from ingestion.contract_templates.documents.deviation import deviation_blocks
from ingestion.contract_templates.documents.facts import ContractFacts, MissingFactsError, Party
from ingestion.contract_templates.documents.package_terms import glossary, package_blocks
from ingestion.documents.blocks import (
    Block,
    Document,
    Field,
    Heading,
    Paragraph,
    Signature,
    Table,
)
from ingestion.documents.language import Lang, article, chosen, day, month, period_word

Article = tuple[str, list[Block]]
_TYPES = {
    "fixed": ("固定价格套餐", "fixed price"),
    "tou_fixed": ("分时固定价格套餐", "fixed time-of-use prices"),
}


def contract_document(facts: ContractFacts, lang: Lang) -> Document:
    """The contract in one language. Raises MissingFactsError naming everything that the data lacks."""
    if missing := list(facts.missing()):
        raise MissingFactsError(f"contract {facts.contract_id}", missing)
    blocks = list(_head(facts, lang))
    for number, (title, body) in enumerate(_articles(facts, lang), start=1):
        blocks += [Heading(article(number, title, lang)), *body]
    blocks.append(_signature(facts, lang))
    title = chosen("电力零售合同", "Retail Electricity Contract", lang)
    dated = facts.signed_on or facts.version_from or facts.effective_from
    return Document(lang, title, facts.contract_id, dated, tuple(blocks))


def party_name(party: Party, lang: Lang) -> str:
    """The name to print; an English document adds the legal name to the English one."""
    if lang == "zh" or party.name_en is None:
        return party.name
    return f"{party.name_en} ({party.name})"


def _head(facts: ContractFacts, lang: Lang) -> Iterator[Block]:
    yield Field(chosen("合同编号", "Contract no.", lang), facts.contract_id)
    number = chosen(f"，客户编号 {facts.customer_id}", f", customer no. {facts.customer_id}", lang)
    customer = f"{party_name(facts.customer, lang)}{number}"
    yield Field(chosen("甲方（用电客户）", "Party A (customer)", lang), customer)
    yield Field(chosen("乙方（售电公司）", "Party B (retailer)", lang), party_name(facts.retailer, lang))
    signed = (
        day(facts.signed_on, lang)
        if facts.signed_on
        else chosen("草案，尚未签订", "draft, not signed yet", lang)
    )
    yield Field(chosen("签订日期", "Signed on", lang), signed)
    if facts.version_no is not None and facts.version_from is not None:
        zh = f"第 {facts.version_no} 版，自{month(facts.version_from, lang)}起生效"
        en = f"version {facts.version_no}, in effect from {month(facts.version_from, lang)}"
        yield Field(chosen("条款版本", "Terms", lang), chosen(zh, en, lang))


def _articles(facts: ContractFacts, lang: Lang) -> Iterator[Article]:
    makers: tuple[Callable[[ContractFacts, Lang], Article | None], ...] = (
        _term,
        _supply,
        _quantities,
        _price,
        _definitions,
        _deviation,
        _settlement,
        _law,
    )
    for make in makers:
        if found := make(facts, lang):
            yield found


def _term(facts: ContractFacts, lang: Lang) -> Article:
    first, last = day(facts.effective_from, lang), day(facts.effective_to, lang)
    text = chosen(
        f"甲方委托乙方购买电能量。合同供电期自{first}起至{last}止（首尾两日均包括在内）。",
        f"Party B supplies Party A with electricity from {first} to {last}, both days included.",
        lang,
    )
    return chosen("标的与期限", "Subject and term", lang), [Paragraph(text)]


def _supply(facts: ContractFacts, lang: Lang) -> Article:
    title = chosen("用电户号与计量点", "Accounts and metering points", lang)
    if not facts.accounts:
        return title, [Paragraph(_to_be_added(lang))]
    accounts = chosen("户号|电压等级|合同容量（千伏安）", "account|voltage|capacity (kVA)", lang)
    points = chosen("计量点|户号|电能表编号", "metering point|account|meter", lang)
    return title, [
        Paragraph(chosen("本合同适用于下列户号：", "This contract covers these accounts:", lang)),
        Table(
            tuple(accounts.split("|")),
            tuple((a.account_id, a.voltage_level, str(a.capacity_kva)) for a in facts.accounts),
            frozenset({2}),
        ),
        Paragraph(chosen("结算电量以下列计量点的计量数据为准：", "Energy is metered at these points:", lang)),
        Table(
            tuple(points.split("|")),
            tuple((p.metering_point_id, p.account_id, p.meter_id) for p in facts.points),
        ),
    ]


def _to_be_added(lang: Lang) -> str:
    return chosen("由双方在签订前补充。", "To be added by the parties before signature.", lang)


def _quantities(facts: ContractFacts, lang: Lang) -> Article:
    title = chosen("合同电量", "Contracted energy", lang)
    if not facts.quantities or facts.total_mwh is None:
        return title, [Paragraph(_to_be_added(lang))]
    columns = chosen("月份|合同电量（兆瓦时）", "month|energy (MWh)", lang).split("|")
    rows = [(month(q.delivery_month, lang), plain(q.quantity_mwh)) for q in facts.quantities]
    rows.append((chosen("合计", "total", lang), plain(facts.total_mwh)))
    intro = chosen("各月合同电量如下：", "The contracted energy of each month:", lang)
    return title, [Paragraph(intro), Table(tuple(columns), tuple(rows), frozenset({1}))]


def _price(facts: ContractFacts, lang: Lang) -> Article:
    title = chosen("套餐与价格", "Package and prices", lang)
    vat = chosen("以上价格均含增值税。", "All prices include value-added tax.", lang)
    if facts.package is None:
        zh, en = _TYPES.get(facts.package_type, (facts.package_type, facts.package_type))
        intro = chosen(f"甲方选择{zh}，价格如下：", f"Party A has chosen {en}:", lang)
        columns = chosen("时段|价格（元/兆瓦时）", "period|price (CNY/MWh)", lang).split("|")
        rows = tuple((period_word(p.period, lang), plain(p.price_cny_per_mwh)) for p in facts.prices)
        return title, [Paragraph(intro), Table(tuple(columns), rows, frozenset({1})), Paragraph(vat)]
    head = facts.package.head
    intro = chosen(
        f"甲方选择乙方套餐“{head.title.zh}”（编号 {head.package}，版本 {head.version}），"
        "费用由以下各项组成：",
        f"Party A has chosen Party B's package “{head.title.en}” ({head.package}, version {head.version}). "
        "Its fee consists of:",
        lang,
    )
    return title, [Paragraph(intro), *package_blocks(facts.package, lang), Paragraph(vat)]


def _definitions(facts: ContractFacts, lang: Lang) -> Article | None:
    terms = glossary(facts.package, lang) if facts.package else []
    if not terms:
        return None
    columns = chosen("用语|单位", "term|unit", lang).split("|")
    return chosen("用语定义", "Definitions", lang), [Table(tuple(columns), tuple(terms))]


def _deviation(facts: ContractFacts, lang: Lang) -> Article | None:
    if facts.deviation is None:
        return None
    body: list[Block] = list(deviation_blocks(facts.deviation, lang))
    if facts.package is not None and any(part.stage == "deviation" for part in facts.package.components):
        body.append(
            Paragraph(
                chosen(
                    "本条与套餐中的偏差条款不一致的，以本条为准。",
                    "This article prevails over the package's deviation clause.",
                    lang,
                )
            )
        )
    return chosen("偏差电量处理", "Deviation from the contracted energy", lang), body


def _settlement(facts: ContractFacts, lang: Lang) -> Article:
    zh = (
        "结算以交易机构和电网企业发布的计量、结算数据为依据，按月结算。推算的单价保留三位小数，"
        "每项金额四舍五入至分，合计为各项金额之和。"
    )
    en = (
        "Settlement is monthly, on the data of the trading centre and the grid company. A derived price has "
        "three decimals; each amount is rounded half up to 0.01 CNY, and totals add the rounded amounts."
    )
    return chosen("结算", "Settlement", lang), [Paragraph(chosen(zh, en, lang))]


def _law(facts: ContractFacts, lang: Lang) -> Article:
    zh = (
        "本合同未尽事宜按照国家及用电所在省份的电力市场规则执行；规则调整的，以调整后的规则为准。"
        "本合同一式两份，双方各执一份，自双方签字盖章之日起成立。"
    )
    en = (
        "Where this contract is silent the market rules of the state and of the province of delivery hold, "
        "as amended. It is made in two copies, one for each party, and is concluded when both have signed. "
        "The Chinese version prevails."
    )
    return chosen("其他", "Other terms", lang), [Paragraph(chosen(zh, en, lang))]


def _signature(facts: ContractFacts, lang: Lang) -> Signature:
    blank = chosen("日期：        年    月    日", "Date: ", lang)

    def lines(who: str, party: Party) -> tuple[str, ...]:
        return (
            f"{who}{chosen('（盖章）：', ' (seal): ', lang)}{party_name(party, lang)}",
            chosen("授权代表（签字）：", "Authorised signatory: ", lang),
            blank,
        )

    return Signature(
        lines(chosen("甲方", "Party A", lang), facts.customer),
        lines(chosen("乙方", "Party B", lang), facts.retailer),
    )

"""The quotation: a package's terms and example months, as SQL priced them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.contract_templates.documents.contract import party_name
from ingestion.contract_templates.documents.facts import MissingFactsError, QuotationFacts
from ingestion.contract_templates.documents.package_terms import glossary, package_blocks
from ingestion.documents.blocks import Block, Document, Field, Heading, Paragraph, Table
from ingestion.documents.language import Lang, article, chosen, day, month, period_word


def quotation_document(facts: QuotationFacts, lang: Lang) -> Document:
    """The quotation in one language. Raises MissingFactsError when an example month could not be priced."""
    missing = [f"{total['case_id']} lacks {total['missing']}" for total in facts.totals if total["missing"]]
    if missing:
        raise MissingFactsError(f"the quotation of {facts.package.head.package}", missing)
    blocks = [*_head(facts, lang)]
    articles: list[tuple[str, list[Block]]] = [
        (chosen("套餐条款", "Terms of the package", lang), list(package_blocks(facts.package, lang)))
    ]
    if terms := glossary(facts.package, lang):
        columns = chosen("用语|单位", "term|unit", lang).split("|")
        articles.append(
            (chosen("用语定义", "Definitions", lang), [Table(tuple(columns), tuple(terms))]),
        )
    articles += [(_example_title(total, lang), list(_example(facts, total, lang))) for total in facts.totals]
    articles.append((chosen("说明", "Notes", lang), [Paragraph(_note(lang))]))
    for number, (title, body) in enumerate(articles, start=1):
        blocks += [Heading(article(number, title, lang)), *body]
    title = chosen("电力零售套餐报价单", "Quotation for Retail Electricity", lang)
    return Document(lang, title, facts.package.head.package, facts.quoted_on, tuple(blocks))


def _head(facts: QuotationFacts, lang: Lang) -> Iterator[Block]:
    head = facts.package.head
    yield Field(chosen("客户", "Customer", lang), party_name(facts.customer, lang))
    yield Field(chosen("售电公司", "Retailer", lang), party_name(facts.retailer, lang))
    name = chosen(head.title.zh, head.title.en, lang)
    version = chosen(
        f"（编号 {head.package}，版本 {head.version}）", f" ({head.package}, version {head.version})", lang
    )
    yield Field(chosen("套餐", "Package", lang), f"{name}{version}")
    if head.delivery is not None:
        first, last = day(head.delivery.first_on, lang), day(head.delivery.last_on, lang)
        yield Field(
            chosen("适用供电期", "Delivery", lang), chosen(f"{first}至{last}", f"{first} to {last}", lang)
        )
    yield Field(chosen("报价日期", "Quoted on", lang), day(facts.quoted_on, lang))


def _example_title(total: Mapping[str, Any], lang: Lang) -> str:
    when = month(total["delivery_month"], lang)
    return chosen(f"测算示例 {total['case_id']}：{when}", f"Example {total['case_id']}: {when}", lang)


def _example(facts: QuotationFacts, total: Mapping[str, Any], lang: Lang) -> Iterator[Block]:
    title = f"title_{lang}"
    columns = chosen(
        "项目|时段|电量（兆瓦时）|单价（元/兆瓦时）|金额（元）", "item|period|MWh|CNY/MWh|CNY", lang
    )
    rows = [
        (
            str(line[title]),
            period_word(line["line_period"], lang),
            _shown(line["quantity_mwh"]),
            _shown(line["price_cny_per_mwh"]),
            _shown(line["amount_cny"]),
        )
        for line in facts.lines
        if line["case_id"] == total["case_id"]
    ]
    rows.append(
        (
            chosen("合计", "total", lang),
            "",
            _shown(total["quantity_mwh"]),
            "",
            _shown(total["total_cny"]),
        )
    )
    yield Table(tuple(columns.split("|")), tuple(rows), frozenset({2, 3, 4}))
    mean = total["mean_price_cny_per_mwh"]
    if mean is not None:
        yield Paragraph(
            chosen(
                f"平均价格（电能量、清算、偏差及封顶保底）：{mean} 元/兆瓦时。",
                f"Mean price (energy, balancing, deviation, cap and floor): {mean} CNY/MWh.",
                lang,
            )
        )


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _note(lang: Lang) -> str:
    return chosen(
        "测算示例仅说明计价方法，不构成对价格或费用的承诺；实际费用以合同及结算数据为准。价格含增值税。",
        "The examples show how a month is priced; they are no promise of a price or a fee. The contract and "
        "the settlement data decide. Prices include value-added tax.",
        lang,
    )

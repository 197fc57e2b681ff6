"""Clause text from a package definition: every component by its kind's clause, with its numbers as tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingestion.contract_templates.clause import Said, percent, plain, unit_word
from ingestion.contract_templates.formula import Unit
from ingestion.contract_templates.package import Component, Package
from ingestion.documents.blocks import Block, Paragraph, Table
from ingestion.documents.language import Lang, chinese_number, chosen, period_word, tight

_STAGES = {
    "energy": ("电能量电费", "energy fee"),
    "balancing": ("电量清算", "balancing"),
    "deviation": ("偏差费用", "deviation charge"),
    "cap_floor": ("封顶保底", "cap and floor"),
    "green": ("绿电环境价值", "green value"),
    "service": ("服务费", "service fee"),
    "pass_through": ("代收代付", "charges passed on"),
    "refund": ("返还", "refund"),
}
_RESULTS = {
    "price": ("单价（元/兆瓦时）", "price in CNY/MWh"),
    "fee": ("金额（元）", "amount in CNY"),
    "factor": ("调整系数", "factor"),
}


def said(package: Package, component: Component, lang: Lang) -> Said:
    """The terms of a component, for its kind's clause."""
    source = package.head.components[component.number - 1]
    numbers: dict[str, dict[str, Decimal]] = {}
    for value in component.parameters:
        numbers.setdefault(value.name, {})[value.period] = value.value
    options = {
        name: str(source.get(name, words[0])) for name, words in (component.kind.options or {}).items()
    }
    return Said(lang, options, numbers, {name: _unit(package, component, name) for name in numbers})


def _unit(package: Package, component: Component, name: str) -> Unit:
    """The unit that the kind declares; that of a list holds for each of its entries (``price_2``)."""
    units = {parameter.name: parameter.unit for parameter in component.kind.parameters}
    return units.get(name) or units[name.rsplit("_", 1)[0]]


def package_blocks(package: Package, lang: Lang) -> Iterator[Block]:
    """One numbered clause for each component, in the order of operations."""
    ordered = sorted(package.components, key=lambda component: (component.level, component.number))
    for number, component in enumerate(ordered, start=1):
        yield from _component_blocks(package, component, number, lang)


def _component_blocks(package: Package, component: Component, number: int, lang: Lang) -> Iterator[Block]:
    head = chosen(
        f"（{chinese_number(number)}）{component.title.zh}", f"({number}) {component.title.en}", lang
    )
    terms = said(package, component, lang)
    clause = component.kind.clause
    sentences = (
        [tight(said) for said in clause.sentences(terms)] if clause else [_formula_sentence(component, lang)]
    )
    yield Paragraph(chosen(f"{head}：", f"{head}: ", lang) + _share_sentence(component, lang) + sentences[0])
    yield from (Paragraph(sentence) for sentence in sentences[1:])
    if component.covers and "covered_fee" in component.formula.names:
        yield Paragraph(_covers_sentence(component, lang))
    if clause is None and terms.numbers:
        yield _number_table(terms)
    for name in terms.numbers:
        if clause is not None and terms.is_table(name):
            yield _period_table(terms, name)


def _share_sentence(component: Component, lang: Lang) -> str:
    if component.share is None or component.share == 1:
        return ""
    share = percent(component.share)
    return chosen(f"适用于结算电量的 {share}。", f"For {share} of the energy. ", lang)


def _covers_sentence(component: Component, lang: Lang) -> str:
    place = 0 if lang == "zh" else 1
    names = chosen("、", ", ", lang).join(_STAGES[stage][place] for stage in component.covers)
    return chosen(f"本项所涉费用：{names}。", f"The fees concerned here: {names}.", lang)


def _formula_sentence(component: Component, lang: Lang) -> str:
    """A kind without a clause, as a custom one, is said by its formula."""
    place = 0 if lang == "zh" else 1
    result, stage = _RESULTS[component.result][place], _STAGES[component.stage][place]
    text = component.formula.text
    return chosen(
        f"属于{stage}，{result}按以下公式计算：{text} 。",
        f"Part of the {stage}; {result} by this formula: {text} .",
        lang,
    )


def _number_table(terms: Said) -> Table:
    lang = terms.lang
    columns = chosen("参数|时段|数值|单位", "parameter|period|value|unit", lang).split("|")
    rows = tuple(
        (name, period_word(period, lang), plain(value), unit_word(terms.units[name], lang))
        for name, periods in terms.numbers.items()
        for period, value in periods.items()
    )
    return Table(tuple(columns), rows, frozenset({2}))


def _period_table(terms: Said, name: str) -> Table:
    lang = terms.lang
    unit = unit_word(terms.units[name], lang)
    if lang == "zh":
        value_head = f"数值（{unit}）" if unit else "数值"
    else:
        value_head = f"{name.replace('_', ' ')} ({unit})" if unit else name.replace("_", " ")
    rows = tuple((period_word(period, lang), plain(value)) for period, value in terms.numbers[name].items())
    return Table((chosen("时段", "period", lang), value_head), rows, frozenset({1}))


def glossary(package: Package, lang: Lang) -> list[tuple[str, str]]:
    """Each input that the package's formulas read, with its meaning and unit, in the order of their use.

    Where a formula itself is printed, the name that it uses is given, too.
    """
    is_named = any(component.kind.clause is None for component in package.components)
    found: dict[str, tuple[str, str]] = {}
    for component in package.components:
        known = component.kind.known_inputs()
        fixed = {value.name for value in component.parameters}
        for name in component.formula.names:
            if name in known and name not in fixed and not known[name].is_computed:
                entry = known[name]
                meaning = chosen(entry.meaning_zh or entry.meaning, entry.meaning, lang)
                found.setdefault(name, (meaning, unit_word(entry.unit, lang)))
    return [(f"{meaning} [{name}]" if is_named else meaning, unit) for name, (meaning, unit) in found.items()]

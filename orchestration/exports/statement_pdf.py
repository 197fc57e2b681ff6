"""A retail statement, and the reports for finance, as documents; ``ingestion.documents`` sets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from ingestion.documents import Document
from ingestion.documents import blocks as doc
from ingestion.documents.language import Lang, chosen, month
from orchestration.exports.statement_words import (
    contract_facts,
    head_facts,
    line_account,
    line_period,
    line_price,
    line_title,
    notes,
    rate_text,
    word,
)
from orchestration.exports.statements import ContractPart, Statement, Totals
from orchestration.exports.tables import Block, Cell, Column, Row, Sheet, last_day

_LINE_WIDTHS: Final = (16, 13, 9, 12, 13, 12)
_POINT_WIDTHS: Final = (6, 6, 5, 4, 4, 5)
_NUMBERS: Final = frozenset({3, 4, 5})


def statement_document(statement: Statement, lang: Lang) -> Document:
    """The statement as a document, dated by the last day of its month.

    Raises DocumentError naming a text that cannot be printed.
    """
    return Document(
        lang,
        word("title", lang),
        f"{statement.customer_id} {month(statement.month, lang)}",
        last_day(statement.month),
        tuple(_blocks(statement, lang)),
    )


def _blocks(statement: Statement, lang: Lang) -> Iterator[doc.Block]:
    yield from (doc.Field(*fact) for fact in head_facts(statement, lang))
    yield doc.Field(chosen("应付金额", "Amount due", lang), _money(statement.total.amount_cny, lang))
    for part in statement.contracts:
        yield doc.Heading(f"{word('contract', lang)} {part.head['contract_id']}")
        yield from (doc.Field(*fact) for fact in contract_facts(part, lang))
        yield _lines(part, lang)
        if len(part.accounts) > 1:
            yield doc.Heading(word("by_account", lang))
            yield _accounts(part, lang)
    if len(statement.contracts) > 1:
        yield doc.Heading(word("by_contract", lang))
        yield _contracts(statement, lang)
    yield doc.Heading(word("tax", lang))
    yield _taxes(statement, lang)
    yield doc.Heading(word("points", lang))
    for part in statement.contracts:
        yield _points(part, lang)
    yield doc.Heading(word("control", lang))
    yield from (doc.Paragraph(text) for text in _control(statement, lang))


def _lines(part: ContractPart, lang: Lang) -> doc.Table:
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    for stage in part.stages:
        rows += [
            (
                line_title(line, lang),
                line_account(line, lang),
                line_period(line, lang),
                shown(line["quantity_mwh"]),
                shown(line_price(line)),
                shown(line["amount_cny"]),
            )
            for line in stage.lines
        ]
        strong.append(len(rows))
        title = f"{chosen(stage.zh, stage.en, lang)} {word('subtotal', lang)}"
        rows.append(_sums(title, stage.total))
    strong.append(len(rows))
    rows.append(_sums(word("contract_total", lang), part.total))
    names = ("item", "account", "period", "quantity", "price", "amount")
    return doc.Table(
        tuple(word(name, lang) for name in names), tuple(rows), _NUMBERS, _LINE_WIDTHS, frozenset(strong)
    )


def _sums(title: str, total: Totals) -> tuple[str, ...]:
    return title, "", "", shown(total.quantity_mwh), "", shown(total.amount_cny)


def _accounts(part: ContractPart, lang: Lang) -> doc.Table:
    rows = [(account or word("whole_contract", lang), *_four(total)) for account, total in part.accounts]
    return _list(("account", "quantity", "amount", "net", "vat"), rows, part.total, lang)


def _contracts(statement: Statement, lang: Lang) -> doc.Table:
    rows = [(str(part.head["contract_id"]), *_four(part.total)) for part in statement.contracts]
    return _list(("contract", "quantity", "amount", "net", "vat"), rows, statement.total, lang)


def _taxes(statement: Statement, lang: Lang) -> doc.Table:
    rows = [(rate_text(rate), *_four(total)) for rate, total in statement.taxes]
    return _list(("rate", "quantity", "amount", "net", "vat"), rows, statement.total, lang)


def _four(total: Totals) -> tuple[str, str, str, str]:
    return shown(total.quantity_mwh), shown(total.amount_cny), shown(total.net_cny), shown(total.vat_cny)


def _list(names: tuple[str, ...], rows: Sequence[tuple[str, ...]], total: Totals, lang: Lang) -> doc.Table:
    rows = [*rows, (word("total", lang), *_four(total))]
    return doc.Table(
        tuple(word(name, lang) for name in names),
        tuple(rows),
        frozenset({1, 2, 3, 4}),
        (5, 4, 5, 5, 4),
        frozenset({len(rows) - 1}),
    )


def _points(part: ContractPart, lang: Lang) -> doc.Table:
    names = ("point", "account", "meter", "from", "to", "quantity")
    rows = tuple(
        (
            str(point["metering_point_id"]),
            str(point["account_id"]),
            str(point["meter_ids"] or ""),
            f"{point['from_on']:%Y-%m-%d}",
            f"{point['to_on']:%Y-%m-%d}",
            shown(point["energy_mwh"]),
        )
        for point in part.points
    )
    return doc.Table(tuple(word(name, lang) for name in names), rows, frozenset({5}), _POINT_WIDTHS)


def _control(statement: Statement, lang: Lang) -> Iterator[str]:
    total = statement.total
    amounts = [_money(value, lang) for value in (total.amount_cny, total.net_cny, total.vat_cny)]
    yield chosen(
        f"共 {total.lines} 行，合计 {amounts[0]}，其中不含税 {amounts[1]}，税额 {amounts[2]}。",
        f"{total.lines} lines, {amounts[0]} in all, of which {amounts[1]} net and {amounts[2]} VAT.",
        lang,
    )
    yield from notes(statement, lang)


def report_document(
    title: str, of_month: date, parts: Sequence[tuple[Sheet, Sequence[Block]]], lang: Lang
) -> Document:
    """Reports as one document on wide pages: every table and every row of it."""
    blocks: list[doc.Block] = []
    for sheet, tables in parts:
        for block in tables:
            said = sheet.title(lang) + (f" · {block.title}" if block.title else "")
            blocks += [doc.Heading(said), _report_table(sheet, block, lang)]
    return Document(lang, title, month(of_month, lang), last_day(of_month), tuple(blocks), is_wide=True)


def _report_table(sheet: Sheet, block: Block, lang: Lang) -> doc.Table:
    """The columns that this language reads; the month is in the title, and the scope too."""
    other = {
        "zh": ("name_en", "customer_name_en", "title_en", "addressee_en"),
        "en": ("name_zh", "customer_name", "title_zh", "addressee_zh"),
    }[lang]
    places = [
        place
        for place, column in enumerate(sheet.columns)
        if column.name not in (*other, "scope", "delivery_month", "is_illustrative")
        and (sheet.on_paper is None or column.name in sheet.on_paper)
    ]
    rows = [_texts(sheet, row, places) for row in block.rows]
    strong: frozenset[int] = frozenset()
    if block.total is not None:
        strong = frozenset({len(rows)})
        rows.append((word("total", lang), *_totals(sheet, block.total, places[1:])))
    columns = [sheet.columns[place] for place in places]
    return doc.Table(
        tuple(column.heading(lang) for column in columns),
        tuple(rows),
        frozenset(place for place, column in enumerate(columns) if column.kind in ("number", "integer")),
        tuple(_width(column) for column in columns),
        strong,
    )


def _texts(sheet: Sheet, row: Row, places: Sequence[int]) -> tuple[str, ...]:
    return tuple(shown(row[place]) for place in places)


def _totals(sheet: Sheet, row: Row, places: Sequence[int]) -> Iterator[str]:
    for place in places:
        yield shown(row[place]) if sheet.columns[place].kind == "number" else ""


def _width(column: Column) -> int:
    return 5 if column.name.startswith(("name_", "customer_name")) else 4


def shown(value: Cell) -> str:
    """A cell as text; numbers with the decimals they have, grouped by thousands."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else str(value)


def _money(value: Decimal, lang: Lang) -> str:
    return chosen(f"{value:,} 元", f"CNY {value:,}", lang)

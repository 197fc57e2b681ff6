"""A retail statement as a workbook: subtotals and totals are formulas, stored with SQL's values."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from ingestion.documents.language import Lang
from orchestration.exports.statement_words import (
    Fact,
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
from orchestration.exports.statements import ContractPart, Stage, Statement, Totals
from orchestration.exports.workbook import Book, Page, sum_of

_MWH: Final = "#,##0.000"
_CNY: Final = "#,##0.00"
_QUANTITY: Final = 3
_PRICE: Final = 4
_MONEY: Final = (5, 6, 7)
_WIDTHS: Final = (30, 24, 12, 16, 16, 20, 18, 16)
_POINT_CELLS: Final = {
    "contract_id": "General",
    "account_id": "General",
    "metering_point_id": "General",
    "meter_ids": "General",
    "from_on": "yyyy-mm-dd",
    "to_on": "yyyy-mm-dd",
    "energy_mwh": _MWH,
}
_HEADS: Final = ("item", "account", "period", "quantity", "price", "amount", "net", "vat")


def write_statement_xlsx(path: Path, statement: Statement, lang: Lang) -> None:
    """Write the statement. Raises CellError when a text is longer than a cell can hold."""
    with Book(path, word("title", lang)) as book:
        _Sheet(book.page(word("title", lang)), lang).statement(statement)
        _points(book.page(word("points", lang)), statement, lang)


class _Sheet:
    """The page under construction, and the next free line."""

    def __init__(self, page: Page, lang: Lang) -> None:
        self._page = page
        self._lang: Lang = lang
        self._line = 0
        for column, width in enumerate(_WIDTHS):
            page.sheet.set_column(column, column, width)
        page.sheet.set_landscape()
        page.sheet.set_paper(9)  # A4
        page.sheet.fit_to_pages(1, 0)

    def statement(self, statement: Statement) -> None:
        self._page.put(0, 0, word("title", self._lang), strong=True)
        self._line = 1
        self._facts(head_facts(statement, self._lang))
        totals = [(part, self._contract(part)) for part in statement.contracts]
        self._summary(statement, totals)
        self._taxes(statement)
        for text in notes(statement, self._lang):
            self._page.put(self._line, 0, text)
            self._line += 1

    def _facts(self, facts: Iterable[Fact]) -> None:
        for label, value in facts:
            self._page.put(self._line, 0, label)
            self._page.put(self._line, 1, value)
            self._line += 1
        self._line += 1

    def _contract(self, part: ContractPart) -> int:
        """Write a contract; the line of its total."""
        self._title(f"{word('contract', self._lang)} {part.head['contract_id']}")
        self._facts(contract_facts(part, self._lang))
        self._heads(_HEADS)
        subtotals = [self._stage(stage) for stage in part.stages]
        self._sums(
            word("contract_total", self._lang),
            part.total,
            {column: _added([(line, line) for line in subtotals], column) for column in _MONEY},
            _added([(line, line) for line in subtotals], _QUANTITY),
        )
        total = self._line - 1
        self._line += 1
        if len(part.accounts) > 1:
            self._accounts(part)
        return total

    def _stage(self, stage: Stage) -> int:
        """Write a stage's lines; the line of its subtotal."""
        first = self._line
        counted: list[tuple[int, int]] = []
        for line in stage.lines:
            for column, said in enumerate((line_title, line_account, line_period)):
                self._page.put(self._line, column, said(line, self._lang))
            self._page.put(self._line, _QUANTITY, line["quantity_mwh"], _MWH)
            self._page.put(self._line, _PRICE, line_price(line), _MWH)
            for column, name in zip(_MONEY, ("amount_cny", "net_cny", "vat_cny"), strict=True):
                self._page.put(self._line, column, line[name], _CNY)
            if line["counts_energy"]:
                _extend(counted, self._line)
            self._line += 1
        title = stage.zh if self._lang == "zh" else stage.en
        self._sums(
            f"{title} {word('subtotal', self._lang)}",
            stage.total,
            {column: sum_of(first, self._line - 1, column) for column in _MONEY},
            _added(counted, _QUANTITY),
        )
        return self._line - 1

    def _accounts(self, part: ContractPart) -> None:
        self._title(word("by_account", self._lang))
        self._heads(("", "account", "", "quantity", "", "amount", "net", "vat"))
        rows = [(account or word("whole_contract", self._lang), total) for account, total in part.accounts]
        self._list([("", name, total) for name, total in rows], part.total)

    def _summary(self, statement: Statement, totals: list[tuple[ContractPart, int]]) -> None:
        """Every contract again by reference to its total, and the total of the statement."""
        self._title(word("by_contract", self._lang))
        self._heads(("contract", "", "", "quantity", "", "amount", "net", "vat"))
        first = self._line
        for part, line in totals:
            self._page.put(self._line, 0, part.head["contract_id"])
            values = zip((_QUANTITY, *_MONEY), _values(part.total), strict=True)
            for column, value in values:
                reference = f"={xl_rowcol_to_cell(line, column)}"
                self._page.total(self._line, column, reference, value, _format(column))
            self._line += 1
        last = self._line - 1
        self._sums(
            word("total", self._lang),
            statement.total,
            {column: sum_of(first, last, column) for column in _MONEY},
            sum_of(first, last, _QUANTITY),
        )
        self._page.put(self._line, 0, word("lines", self._lang))
        self._page.put(self._line, 1, statement.total.lines)
        self._line += 2

    def _taxes(self, statement: Statement) -> None:
        self._title(word("tax", self._lang))
        self._heads(("rate", "", "", "quantity", "", "amount", "net", "vat"))
        self._list([(rate_text(rate), "", total) for rate, total in statement.taxes], statement.total)

    def _list(self, rows: list[tuple[str, str, Totals]], total: Totals) -> None:
        first = self._line
        for left, right, sums in rows:
            self._page.put(self._line, 0, left)
            self._page.put(self._line, 1, right)
            for column, value in zip((_QUANTITY, *_MONEY), _values(sums), strict=True):
                self._page.put(self._line, column, value, _format(column))
            self._line += 1
        last = self._line - 1
        self._sums(
            word("total", self._lang),
            total,
            {column: sum_of(first, last, column) for column in _MONEY},
            sum_of(first, last, _QUANTITY),
        )
        self._line += 1

    def _sums(self, title: str, total: Totals, money: dict[int, str], quantity: str) -> None:
        for column in range(len(_WIDTHS)):
            self._page.put(self._line, column, None, strong=True)
        self._page.put(self._line, 0, title, strong=True)
        if total.quantity_mwh is not None:
            self._page.total(self._line, _QUANTITY, quantity, total.quantity_mwh, _MWH)
        for column, value in zip(_MONEY, _values(total)[1:], strict=True):
            self._page.total(self._line, column, money[column], value, _CNY)
        self._line += 1

    def _title(self, text: str) -> None:
        self._page.put(self._line, 0, text, strong=True)
        self._line += 1

    def _heads(self, names: tuple[str, ...]) -> None:
        self._page.head(self._line, [word(name, self._lang) if name else "" for name in names])
        self._line += 1


def _points(page: Page, statement: Statement, lang: Lang) -> None:
    names = ("contract", "account", "point", "meter", "from", "to", "quantity")
    page.sheet.freeze_panes(1, 0)
    page.sheet.set_column(0, len(names) - 1, 22)
    page.head(0, [word(name, lang) for name in names])
    line = 0
    for part in statement.contracts:
        for point in part.points:
            line += 1
            for column, (name, number) in enumerate(_POINT_CELLS.items()):
                page.put(line, column, point[name], number)


def _values(total: Totals) -> tuple[Decimal | None, Decimal, Decimal, Decimal]:
    return total.quantity_mwh, total.amount_cny, total.net_cny, total.vat_cny


def _format(column: int) -> str:
    return _MWH if column == _QUANTITY else _CNY


def _extend(ranges: list[tuple[int, int]], line: int) -> None:
    """Add a line to ranges of neighbouring lines."""
    if ranges and ranges[-1][1] == line - 1:
        ranges[-1] = (ranges[-1][0], line)
    else:
        ranges.append((line, line))


def _added(ranges: list[tuple[int, int]], column: int) -> str:
    """The formula that adds up some ranges of a column."""
    parts = [
        xl_rowcol_to_cell(first, column) + (f":{xl_rowcol_to_cell(last, column)}" if last > first else "")
        for first, last in ranges
    ]
    return f"=SUM({','.join(parts)})"

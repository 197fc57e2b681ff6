"""The journal: every settlement line as a balanced entry of debits and credits, VAT on its own account.

No amount is computed here. An entry repeats the line's gross, net and VAT, which SQL made add up; a negative
amount changes sides. What does not balance to the fen is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from ingestion.documents.language import Lang, period_word
from orchestration.exports.chart import Chart
from orchestration.exports.marts import ACCOUNT, CONTRACT, CUSTOMER, MONTH
from orchestration.exports.tables import Column, ControlTotal, Row, Sheet
from orchestration.exports.words import side_word

LINES: Final = Sheet(
    stem="journal",
    zh="记账凭证",
    en="Journal",
    source="marts_settlement.settlement_statement_line",
    order_by=(
        "side, province, contract_id nulls first, stage_place, component_place, component,"
        " account_id nulls first, period_place, tou_period, line_id"
    ),
    columns=tuple(
        Column(name, name, name)
        for name in (
            "line_id", "province", "delivery_month", "side", "contract_id", "account_id", "customer_id",
            "stage", "component", "title_zh", "title_en", "tou_period", "amount_cny", "net_cny", "vat_cny",
        )
    ),
)  # fmt: skip
"""The lines that are booked."""
JOURNAL: Final = Sheet(
    stem="journal",
    zh="记账凭证",
    en="Journal",
    source=LINES.source,
    order_by="line_id",
    columns=(
        Column("entry_no", "凭证号", "Entry", kind="integer"),
        Column("booked_on", "记账日期", "Booked on", kind="day"),
        Column("account_code", "科目编码", "Account code"),
        Column("account_name", "科目名称", "Account name"),
        Column("debit_cny", "借方(元)", "Debit (CNY)", 2),
        Column("credit_cny", "贷方(元)", "Credit (CNY)", 2),
        Column("text", "摘要", "Text"),
        Column("side", "侧", "Side"),
        Column("province", "省份", "Province"),
        MONTH,
        CONTRACT,
        ACCOUNT,
        CUSTOMER,
        Column("line_id", "行号", "Line"),
    ),
)
_DEBIT: Final = JOURNAL.place("debit_cny")
_CREDIT: Final = JOURNAL.place("credit_cny")
Line = Mapping[str, Any]


class UnbalancedError(RuntimeError):
    """Debits and credits differ; the message names the line."""


def entries(lines: Iterable[Line], chart: Chart, booked_on: date, lang: Lang) -> Iterator[Row]:
    """The rows of the journal; a line without an amount has none.

    Raises ChartError for a side without accounts, UnbalancedError for a line whose net and VAT are not its
    gross.
    """
    number = 0
    for line in lines:
        if line["net_cny"] + line["vat_cny"] != line["amount_cny"]:
            raise UnbalancedError(
                f"line {line['line_id']}: net {line['net_cny']} and VAT {line['vat_cny']} "
                f"are not {line['amount_cny']}"
            )
        booked = [(role, amount, is_debit) for role, amount, is_debit in _sides(line, chart) if amount != 0]
        number += bool(booked)
        for account, amount, is_debit in booked:
            yield _row(number, booked_on, chart, account, amount, is_debit, line, lang)


def _sides(line: Line, chart: Chart) -> Iterator[tuple[str, Decimal, bool]]:
    """Account, amount and whether it is a debit."""
    to_retailer, booking = chart.booking(line["side"], line["stage"], line["component"])
    yield booking.counterparty, line["amount_cny"], to_retailer
    yield booking.result, line["net_cny"], not to_retailer
    yield booking.vat, line["vat_cny"], not to_retailer


def _row(
    number: int,
    booked_on: date,
    chart: Chart,
    account: str,
    amount: Decimal,
    is_debit: bool,
    line: Line,
    lang: Lang,
) -> Row:
    booked = chart.accounts[account]
    debit, credit = (amount, None) if is_debit else (None, amount)
    if amount < 0:
        debit, credit = (credit, debit)
    return (
        number,
        booked_on,
        booked.code,
        booked.zh if lang == "zh" else booked.en,
        abs(debit) if debit is not None else None,
        abs(credit) if credit is not None else None,
        _text(line, lang),
        line["side"],
        line["province"],
        line["delivery_month"],
        line["contract_id"],
        line["account_id"],
        line["customer_id"],
        line["line_id"],
    )


def _text(line: Line, lang: Lang) -> str:
    parts = [
        f"{line['delivery_month']:%Y-%m}",
        side_word(line["side"], lang),
        line[f"title_{lang}"],
        "" if line["tou_period"] == "all" else period_word(line["tou_period"], lang),
        line["contract_id"] or line["province"],
        line["account_id"] or "",
    ]
    return " ".join(part for part in parts if part)


def balanced(rows: Sequence[Row], moved: Decimal) -> list[ControlTotal]:
    """Control totals of the journal, after checking that debits equal credits and both equal ``moved``.

    ``moved`` is SQL's: half of what all entries move, gross, net and VAT without their signs. An entry that
    balances moves half of that on each side. Raises UnbalancedError.
    """
    debit, credit = (_added(rows, place) for place in (_DEBIT, _CREDIT))
    if not debit == credit == moved:
        raise UnbalancedError(f"debits are {debit}, credits {credit}, and the lines move {moved} yuan")
    return [
        ControlTotal(JOURNAL.stem, "rows", str(len(rows))),
        ControlTotal(JOURNAL.stem, "debit_cny", str(debit)),
        ControlTotal(JOURNAL.stem, "credit_cny", str(credit)),
    ]


def moved_by_lines(connection: sa.Connection, month: date) -> Decimal:
    """What :func:`balanced` compares with."""
    query = sa.text(
        "select round(coalesce(sum(abs(amount_cny) + abs(net_cny) + abs(vat_cny)), 0) / 2, 2)"
        " from marts_settlement.settlement_line where delivery_month = :month"
    )
    return Decimal(connection.execute(query, {"month": month}).scalar_one())


def _added(rows: Sequence[Row], place: int) -> Decimal:
    return sum((cell for row in rows if isinstance(cell := row[place], Decimal)), Decimal("0.00"))

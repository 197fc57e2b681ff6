"""Retail statements: one a customer and month, read from the statement marts in four queries, one by one.

Every sum is SQL's. What is read twice (the sum of a contract's lines, and the amount in its head) has to
agree, else nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

Record = Mapping[str, Any]
_BATCH: Final = 2_000
_SELECTED: Final = (
    "(cast(:customers as text[]) is null or {table}.customer_id = any(cast(:customers as text[])))"
)
_HEADS: Final = f"""
    select * from marts_settlement.settlement_statement_contract as heads
    where heads.delivery_month = :month and {_SELECTED.format(table="heads")}
    order by heads.customer_id, heads.province, heads.contract_id
"""
_LINES: Final = f"""
    select * from marts_settlement.settlement_statement_line as lines
    where lines.side = 'retail' and lines.delivery_month = :month and {_SELECTED.format(table="lines")}
    order by
        lines.customer_id, lines.contract_id, lines.stage_place, lines.component_place, lines.component,
        lines.account_id nulls last, lines.period_place, lines.tou_period, lines.line_id
"""
_TOTALS: Final = f"""
    select
        lines.customer_id, lines.contract_id, lines.stage, lines.account_id, lines.vat_rate,
        case
            when grouping(lines.vat_rate) = 0 then 'vat'
            when grouping(lines.contract_id) = 1 then 'customer'
            when grouping(lines.stage) = 0 then 'stage'
            when grouping(lines.account_id) = 0 then 'account'
            else 'contract'
        end as level,
        cast(count(*) as integer) as lines,
        sum(lines.quantity_mwh) filter (where lines.counts_energy) as quantity_mwh,
        sum(lines.amount_cny) as amount_cny, sum(lines.net_cny) as net_cny, sum(lines.vat_cny) as vat_cny
    from marts_settlement.settlement_statement_line as lines
    where lines.side = 'retail' and lines.delivery_month = :month and {_SELECTED.format(table="lines")}
    group by grouping sets (
        (lines.customer_id, lines.contract_id, lines.stage),
        (lines.customer_id, lines.contract_id, lines.account_id),
        (lines.customer_id, lines.contract_id),
        (lines.customer_id, lines.vat_rate),
        (lines.customer_id)
    )
    order by lines.customer_id, lines.contract_id, lines.account_id nulls last, lines.vat_rate
"""
_POINTS: Final = f"""
    select * from marts_settlement.settlement_statement_point as points
    where points.delivery_month = :month and {_SELECTED.format(table="points")}
    order by points.customer_id, points.contract_id, points.account_id, points.metering_point_id
"""
_CUSTOMERS: Final = sa.text(
    "select distinct customer_id from marts_settlement.settlement_statement_contract"
    " where delivery_month = :month order by customer_id"
)


class StatementError(RuntimeError):
    """The marts of a statement contradict one another; the message says where."""


@dataclass(frozen=True)
class Totals:
    """Sums as SQL has them; the quantity is NULL where no line counts energy."""

    lines: int
    quantity_mwh: Decimal | None
    amount_cny: Decimal
    net_cny: Decimal
    vat_cny: Decimal


@dataclass(frozen=True)
class Stage:
    """The lines of one stage, in order, and their sum."""

    zh: str
    en: str
    lines: tuple[Record, ...]
    total: Totals


@dataclass(frozen=True)
class ContractPart:
    """A contract's part of a statement: a row of settlement_statement_contract and what belongs to it."""

    head: Record
    stages: tuple[Stage, ...]
    accounts: tuple[tuple[str | None, Totals], ...]
    points: tuple[Record, ...]
    total: Totals


@dataclass(frozen=True)
class Statement:
    """What a customer owes for a month; ``runs`` are the settlement runs where the marts name them."""

    customer_id: str
    zh: str
    en: str
    month: date
    contracts: tuple[ContractPart, ...]
    taxes: tuple[tuple[Decimal, Totals], ...]
    total: Totals
    runs: tuple[str, ...] = ()

    @property
    def is_illustrative(self) -> bool:
        """Whether a rule value without a source entered a line."""
        return any(part.head["is_illustrative"] for part in self.contracts)


def customers_of(connection: sa.Connection, month: date) -> list[str]:
    """Customers who have a statement of the month."""
    return list(connection.scalars(_CUSTOMERS, {"month": month}))


def read_statements(
    connection: sa.Connection, month: date, customers: list[str] | None = None, runs: tuple[str, ...] = ()
) -> Iterator[Statement]:
    """The statements of all customers, or of those named, by customer; few are in memory at a time.

    Raises StatementError where the marts contradict one another.
    """
    values = {"month": month, "customers": customers}
    heads, lines, totals, points = (
        _ByCustomer(_streamed(connection, query, values)) for query in (_HEADS, _LINES, _TOTALS, _POINTS)
    )
    for customer in heads.customers():
        found = _Found(heads.of(customer), lines.of(customer), totals.of(customer), points.of(customer))
        if found.totals:  # contracts with energy and without a line have nothing to state
            yield _statement(customer, month, found, runs)
    for rest in (lines, totals, points):
        if rest.next_customer is not _END:
            raise StatementError(f"customer {rest.next_customer}: lines of {month:%Y-%m} without a contract")


@dataclass(frozen=True)
class _Found:
    heads: list[Record]
    lines: list[Record]
    totals: list[Record]
    points: list[Record]


_END: Final = object()


class _ByCustomer:
    """Records in the order of their customers, given out a customer at a time."""

    def __init__(self, records: Iterator[Record]) -> None:
        self._groups = groupby(records, key=lambda record: record["customer_id"])
        self.next_customer: object = _END
        self._records: Iterable[Record] = ()
        self._advance()

    def _advance(self) -> None:
        self.next_customer, self._records = next(self._groups, (_END, ()))

    def customers(self) -> Iterator[str]:
        """Each customer in turn, to be taken with :meth:`of`."""
        while self.next_customer is not _END:
            yield str(self.next_customer)

    def of(self, customer: str) -> list[Record]:
        """The customer's records; none when another customer is next."""
        if self.next_customer != customer:
            return []
        found = list(self._records)
        self._advance()
        return found


def _streamed(connection: sa.Connection, query: str, values: Mapping[str, object]) -> Iterator[Record]:
    options = {"stream_results": True, "max_row_buffer": _BATCH}
    found = connection.execute(sa.text(query), values, execution_options=options)
    for row in found.mappings():
        yield dict(row)


def _statement(customer: str, month: date, found: _Found, runs: tuple[str, ...]) -> Statement:
    by_level: dict[str, list[Record]] = {}
    for record in found.totals:
        by_level.setdefault(record["level"], []).append(record)
    (whole,) = by_level["customer"]
    return Statement(
        customer_id=customer,
        zh=found.heads[0]["customer_name"],
        en=found.heads[0]["customer_name_en"],
        month=month,
        contracts=tuple(_contracts(customer, found, by_level)),
        taxes=tuple((record["vat_rate"], _sums(record)) for record in by_level["vat"]),
        total=_sums(whole),
        runs=runs,
    )


def _contracts(customer: str, found: _Found, by_level: Mapping[str, list[Record]]) -> Iterator[ContractPart]:
    lines, points, stages, accounts = (
        _grouped(records) for records in (found.lines, found.points, by_level["stage"], by_level["account"])
    )
    totals = {record["contract_id"]: _sums(record) for record in by_level["contract"]}
    heads = {head["contract_id"]: head for head in found.heads}
    if lost := sorted(str(name) for name in totals.keys() - heads.keys()):
        raise StatementError(f"customer {customer}: lines of contract {lost[0]}, which its statement lacks")
    for contract, head in heads.items():
        if contract not in totals:
            continue
        if head["amount_cny"] != totals[contract].amount_cny:
            raise StatementError(
                f"contract {contract}: its lines add up to {totals[contract].amount_cny} yuan and its head "
                f"says {head['amount_cny']}. Remedy: bring the marts up to date with `wattledger settle`"
            )
        yield ContractPart(
            head=head,
            stages=tuple(_stages(lines[contract], stages[contract])),
            accounts=tuple((record["account_id"], _sums(record)) for record in accounts[contract]),
            points=tuple(points.get(contract, ())),
            total=totals[contract],
        )


def _stages(lines: Iterable[Record], totals: Iterable[Record]) -> Iterator[Stage]:
    sums = {record["stage"]: _sums(record) for record in totals}
    for stage, members in groupby(lines, key=lambda line: line["stage"]):
        found = tuple(members)
        yield Stage(found[0]["stage_zh"], found[0]["stage_en"], found, sums[stage])


def _grouped(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Records by contract."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record["contract_id"], []).append(record)
    return found


def _sums(record: Record) -> Totals:
    return Totals(
        record["lines"],
        record["quantity_mwh"],
        record["amount_cny"],
        record["net_cny"],
        record["vat_cny"],
    )

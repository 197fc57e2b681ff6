"""What a table of the export is: columns in both languages, and the query that fills it in a fixed order."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

import sqlalchemy as sa

from ingestion.documents.language import Lang
from orchestration.exports.words import column_words

Cell = str | int | Decimal | date | bool | None
Row = tuple[Cell, ...]
Kind = Literal["text", "number", "integer", "month", "day", "flag"]
Values = Mapping[str, object]

_COLUMNS: Final = sa.text(
    "select column_name, data_type, numeric_scale from information_schema.columns"
    " where table_schema || '.' || table_name = :relation order by ordinal_position"
)
_KINDS: Final[dict[str, Kind]] = {
    "numeric": "number",
    "integer": "integer",
    "bigint": "integer",
    "boolean": "flag",
    "date": "day",
}
_HIDDEN: Final = frozenset({"manager_username"})
"""Columns of marts that only say who may see a row."""


@dataclass(frozen=True)
class Column:
    """One column: its name in the mart, its headings, what it holds, and its decimals when it is a number."""

    name: str
    zh: str
    en: str
    decimals: int | None = None
    kind: Kind = "text"

    def __post_init__(self) -> None:
        """A column with decimals is a number."""
        if self.decimals is not None:
            object.__setattr__(self, "kind", "number")

    @property
    def adds_up(self) -> bool:
        """Whether sums of the column mean anything: amounts and quantities, not prices and rates."""
        return self.kind == "number" and self.name.endswith(("_cny", "_mwh")) and "_per_" not in self.name

    def heading(self, language: Lang) -> str:
        """The heading in ``language``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Block:
    """A part of a table under a title, with its total as SQL has it; no total where nothing adds up."""

    title: str | None
    rows: Sequence[Row]
    total: Row | None = None


@dataclass(frozen=True)
class Sheet:
    """One table of the export.

    ``source`` is a mart, or a query in parentheses that may name ``:month``; either has ``delivery_month``.
    ``counted`` says which rows control totals add up, where the table also has subtotals: these rows have
    another word in their column ``scope``. ``blocks`` names the column whose values part the table.
    ``on_paper`` names the columns that fit a page, where not all do; none of them: the table is not printed.
    """

    stem: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    source: str
    order_by: str
    counted: str | None = None
    blocks: str | None = None
    on_paper: tuple[str, ...] | None = None

    def title(self, language: Lang) -> str:
        """The sheet's title in ``language``."""
        return self.zh if language == "zh" else self.en

    def rows(self, connection: sa.Connection, values: Values) -> list[Row]:
        """Every row of the month, ordered so that equal data gives equal files."""
        names = ", ".join(column.name for column in self.columns)
        query = f"select {names} from {self._of_month()} order by {self.order_by}"
        return [tuple(row) for row in connection.execute(sa.text(query), _named(query, values))]

    def control_totals(self, connection: sa.Connection, values: Values) -> list[ControlTotal]:
        """Row count and the sum of every column that adds up, asked of SQL.

        Every number is text with the scale the database gives it, so that files can be compared by bytes.
        """
        counted = f" filter (where scope = '{self.counted}')" if self.counted else ""
        measures = {"rows": "count(*)"} | {
            column.name: f"coalesce(sum({column.name}){counted}, 0)"
            for column in self.columns
            if column.adds_up
        }
        query = f"select {', '.join(measures.values())} from {self._of_month()}"
        found = connection.execute(sa.text(query), _named(query, values)).one()
        return [
            ControlTotal(self.stem, name, str(value)) for name, value in zip(measures, found, strict=True)
        ]

    def with_all_columns(self, connection: sa.Connection) -> Sheet:
        """The sheet of a mart with the columns that the mart has beyond those declared here, at the end."""
        declared = {column.name for column in self.columns} | _HIDDEN
        extra = [column for column in mart_columns(connection, self.source) if column.name not in declared]
        return replace(self, columns=(*self.columns, *extra))

    def place(self, name: str) -> int:
        """The place of a column."""
        return [column.name for column in self.columns].index(name)

    def _of_month(self) -> str:
        return f"{self.source} as t where delivery_month = cast(:month as date)"


@dataclass(frozen=True)
class ControlTotal:
    """One control total, computed by SQL over the mart that a file repeats."""

    stem: str
    measure: str
    value: str


def mart_columns(connection: sa.Connection, relation: str) -> list[Column]:
    """The columns of a mart as the database describes them, with headings made of their names."""
    return [_described(*row) for row in connection.execute(_COLUMNS, {"relation": relation})]


def _described(name: str, data_type: str, scale: int | None) -> Column:
    zh, en = column_words(name)
    kind = _KINDS.get(data_type, "text")
    if kind == "day" and name.endswith("_month"):
        kind = "month"
    return Column(name, zh, en, scale if kind == "number" else None, kind)


def last_day(month: date) -> date:
    """The last day of a month: what is made of a month is dated by it, never by the clock."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def as_dicts(sheet: Sheet, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows by column name."""
    names = [column.name for column in sheet.columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _named(query: str, values: Values) -> dict[str, object]:
    """The values that the query names."""
    return {name: value for name, value in values.items() if f":{name}" in query}

"""Export one settled month: tables, statements, reports and journal, replaced as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import sqlalchemy as sa

from ingestion.documents.language import Lang
from ingestion.documents.pdf_writer import pdf_bytes
from orchestration.exports.blocks import blocks_of
from orchestration.exports.chart import Chart, read_chart
from orchestration.exports.folder import replaced
from orchestration.exports.journal import JOURNAL, LINES, balanced, entries, moved_by_lines
from orchestration.exports.manifest import (
    Written,
    write_checksums,
    write_control_totals,
    write_manifest,
)
from orchestration.exports.marts import SETTLEMENT, STATEMENTS
from orchestration.exports.reports import reports
from orchestration.exports.statement_files import FOLDER, write_statements
from orchestration.exports.statement_pdf import report_document
from orchestration.exports.statements import customers_of, read_statements
from orchestration.exports.tables import ControlTotal, Row, Sheet, as_dicts, last_day
from orchestration.exports.workbook import Book, write_blocks, write_table
from orchestration.exports.workbook import write_control_totals as write_totals_page
from orchestration.exports.writers import write_csv, write_parquet

Format = Literal["xlsx", "csv", "parquet", "pdf"]
FORMATS: Final[tuple[Format, ...]] = ("xlsx", "csv", "parquet", "pdf")
Progress = Callable[[int, int], None]
Filled = list[tuple[Sheet, list[Row]]]


class NotSettledError(RuntimeError):
    """The month has no settlement lines; the message says what blocks it."""


class UnknownCustomerError(LookupError):
    """A customer without a statement of the month was asked for."""


@dataclass(frozen=True)
class Export:
    """What was written: the folder, its files and the checksum of the checksum file."""

    folder: Path
    files: tuple[Path, ...]
    digest: str

    @property
    def statements(self) -> int:
        """How many of the files are statements, one a customer and format."""
        return sum(path.parent.name == FOLDER for path in self.files)


@dataclass(frozen=True)
class Wish:
    """What to write: language, formats, the chart of accounts, and for whom (None: everybody)."""

    language: Lang = "zh"
    formats: Sequence[Format] = FORMATS
    customers: Sequence[str] | None = None
    chart: Chart = field(default_factory=read_chart)
    on_progress: Progress = lambda done, of: None


def export_month(engine: sa.Engine, month: date, out: Path, wish: Wish | None = None) -> Export:
    """Write the settlement of ``month`` to ``out``/``YYYY-MM``; an earlier export of the month is replaced.

    For some customers only, their statements are written to ``out``/``YYYY-MM-selected``. All tables are read
    in one repeatable-read transaction, so that the files agree with one another.

    Raises:
        NotSettledError: when the month has no lines, naming what is missing.
        UnknownCustomerError: when a customer has no statement of the month.
        ChartError, UnbalancedError, StatementError: when nothing true could be written; nothing is.
    """
    asked = wish or Wish()
    name = f"{month:%Y-%m}" + ("" if asked.customers is None else "-selected")
    target = out / name
    with _reading(engine) as connection:
        work = _Month(connection, month, asked)
        work.check()
        with replaced(target) as draft:
            work.write(draft)
            digest = write_checksums(draft)
    return Export(target, tuple(sorted(path for path in target.rglob("*") if path.is_file())), digest)


@contextmanager
def _reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    connection = engine.connect().execution_options(isolation_level="REPEATABLE READ")
    with connection, connection.begin():
        yield connection


class _Month:
    """The month under export: one connection, one wish, and what was written so far."""

    def __init__(self, connection: sa.Connection, month: date, wish: Wish) -> None:
        self._connection = connection
        self._month = month
        self._wish = wish
        self._customers = None if wish.customers is None else sorted(set(wish.customers))
        self._values = {"month": month, "customers": self._customers}
        self._written: list[Written] = []
        self._totals: list[ControlTotal] = []

    def check(self) -> None:
        """Refuse a month that is not settled, and customers without a statement."""
        for sheet in SETTLEMENT:
            query = f"select exists (select 1 from {sheet.source} where delivery_month = :month)"
            if not self._connection.scalar(sa.text(query), {"month": self._month}):
                raise NotSettledError(_why_not_settled(self._connection, self._month))
        if self._customers is not None:
            known = customers_of(self._connection, self._month)
            for customer in self._customers:
                if customer not in known:
                    near = ", ".join(get_close_matches(customer, known, n=5, cutoff=0.5)) or "none alike"
                    raise UnknownCustomerError(
                        f"customer {customer!r} has no statement of {self._month:%Y-%m}; near matches: {near}"
                    )

    def write(self, draft: Path) -> None:
        """Everything but the checksums."""
        if self._customers is None:
            self._write_house(draft)
        self._write_tables(draft, self._fill([_selected(sheet, self._customers) for sheet in STATEMENTS]))
        self._write_statements(draft)
        self._written.append(write_control_totals(draft, self._totals))
        write_manifest(draft, self._head(), self._totals, self._written)

    def _write_house(self, draft: Path) -> None:
        """What is the retailer's own: the settlement, its reports and its journal."""
        settlement = self._fill([sheet.with_all_columns(self._connection) for sheet in SETTLEMENT])
        told = self._fill(reports(self._connection))
        journal = self._journal()
        self._write_tables(draft, [*settlement, *told, (JOURNAL, journal)])
        if "xlsx" in self._wish.formats:
            self._write_books(draft, settlement, told, journal)
        if "pdf" in self._wish.formats:
            self._write_report(draft, told)

    def _fill(self, sheets: Sequence[Sheet]) -> Filled:
        """Rows of every sheet; their control totals are noted."""
        for sheet in sheets:
            self._totals += sheet.control_totals(self._connection, self._values)
        return [(sheet, sheet.rows(self._connection, self._values)) for sheet in sheets]

    def _journal(self) -> list[Row]:
        lines = as_dicts(LINES, LINES.rows(self._connection, self._values))
        rows = list(entries(lines, self._wish.chart, last_day(self._month), self._wish.language))
        self._totals += balanced(rows, moved_by_lines(self._connection, self._month))
        return rows

    def _write_tables(self, draft: Path, tables: Filled) -> None:
        for sheet, rows in tables:
            if "csv" in self._wish.formats:
                write_csv(draft / f"{sheet.stem}.csv", sheet, rows, self._wish.language)
                self._written.append(Written(f"{sheet.stem}.csv", len(rows)))
            if "parquet" in self._wish.formats:
                write_parquet(draft / f"{sheet.stem}.parquet", sheet, rows)
                self._written.append(Written(f"{sheet.stem}.parquet", len(rows)))

    def _write_books(self, draft: Path, settlement: Filled, told: Filled, journal: list[Row]) -> None:
        lang = self._wish.language
        with Book(draft / "settlement.xlsx", "WattLedger settlement") as book:
            for sheet, rows in settlement:
                write_table(book, sheet, rows, lang)
            write_totals_page(book, self._totals, lang, self._notes())
        with Book(draft / "reports.xlsx", "WattLedger reports") as book:
            for sheet, rows in told:
                write_blocks(book, sheet, blocks_of(sheet, rows, lang), lang)
        with Book(draft / "journal.xlsx", "WattLedger journal") as book:
            write_table(book, JOURNAL, journal, lang)
        counts = {"settlement": settlement, "reports": told, "journal": [(JOURNAL, journal)]}
        self._written += [
            Written(f"{stem}.xlsx", sum(len(rows) for _, rows in tables)) for stem, tables in counts.items()
        ]

    def _write_report(self, draft: Path, told: Filled) -> None:
        lang = self._wish.language
        printed = [(sheet, rows) for sheet, rows in told if rows and sheet.on_paper != ()]
        parts = [(sheet, blocks_of(sheet, rows, lang)) for sheet, rows in printed]
        title = "售电公司月度报表" if lang == "zh" else "Retailer's Monthly Reports"
        (draft / "reports.pdf").write_bytes(pdf_bytes(report_document(title, self._month, parts, lang)))
        self._written.append(Written("reports.pdf", sum(len(rows) for _, rows in printed)))

    def _write_statements(self, draft: Path) -> None:
        known = self._customers or customers_of(self._connection, self._month)
        done = 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            self._wish.on_progress(done, len(known))

        found = read_statements(self._connection, self._month, self._customers, self._runs())
        self._written += write_statements(
            draft, found, len(known), self._wish.formats, self._wish.language, progress
        )

    def _runs(self) -> tuple[str, ...]:
        """The settlement runs of the month, where the lines name theirs."""
        (line,) = (sheet for sheet in SETTLEMENT if sheet.stem == "settlement_line")
        if all(column.name != "run_id" for column in line.with_all_columns(self._connection).columns):
            return ()
        query = f"select distinct run_id from {line.source} where delivery_month = :month order by run_id"
        return tuple(str(run) for run in self._connection.scalars(sa.text(query), self._values) if run)

    def _head(self) -> dict[str, Any]:
        query = sa.text(
            "select distinct province, pack_hash from marts_settlement.settlement_line"
            " where delivery_month = :month order by province, pack_hash"
        )
        packs = self._connection.execute(query, {"month": self._month})
        return {
            "wattledger": version("wattledger"),
            "month": f"{self._month:%Y-%m}",
            "language": self._wish.language,
            "formats": [name for name in FORMATS if name in self._wish.formats],
            "customers": self._customers,
            "runs": list(self._runs()),
            "rule_packs": [{"province": row.province, "hash": row.pack_hash} for row in packs],
            "notes": self._notes(),
        }

    def _notes(self) -> list[str]:
        query = sa.text(
            "select distinct note from marts_settlement.settlement_line"
            " where delivery_month = :month and is_illustrative and note is not null order by note"
        )
        return list(self._connection.scalars(query, {"month": self._month}))


def _selected(sheet: Sheet, customers: list[str] | None) -> Sheet:
    """The sheet of the customers asked for."""
    if customers is None:
        return sheet
    return replace(sheet, source=f"(select * from {sheet.source} as s where s.customer_id = any(:customers))")


def blockers(connection: sa.Connection, month: date) -> list[str]:
    """What keeps ``month`` from being settled, one message each."""
    query = sa.text(
        "select message || ' Remedy: ' || remedy from marts_settlement.settlement_blocker"
        " where delivery_month = :month order by blocker_kind, object_id, delivery_on, slot"
    )
    return list(connection.scalars(query, {"month": month}))


def month_totals(connection: sa.Connection, month: date) -> list[dict[str, str]]:
    """The settled month, one row a province, as text.

    Raises:
        NotSettledError: when the month has no lines, naming what is missing.
    """
    query = sa.text(
        "select * from marts_settlement.settlement_month where delivery_month = :month order by province"
    )
    rows = [
        {name: str(value) for name, value in row._mapping.items()}
        for row in connection.execute(query, {"month": month})
    ]
    if not rows:
        raise NotSettledError(_why_not_settled(connection, month))
    return rows


def _why_not_settled(connection: sa.Connection, month: date) -> str:
    found = blockers(connection, month)
    if not found:
        return f"{month:%Y-%m} has no settlement lines; run `wattledger settle --month {month:%Y-%m}` first"
    shown = "\n".join(f"  - {message}" for message in found[:20])
    rest = f"\n  … and {len(found) - 20} more" if len(found) > 20 else ""
    return f"{month:%Y-%m} is blocked and has no settlement lines:\n{shown}{rest}"

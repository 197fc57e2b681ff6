"""Month end on the command line: settle a month, export it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from ingestion.documents import MissingFontError
from orchestration.as_of import AsOfError, settle_as_of
from orchestration.commands.shared import (
    ERR,
    OUT,
    Language,
    fail,
    house,
    moment_of,
    month_of,
    print_json,
    run_job,
    told_failures,
)
from orchestration.errors import JobError
from orchestration.exports.chart import ChartError, read_chart
from orchestration.exports.journal import UnbalancedError
from orchestration.exports.settlement import (
    FORMATS,
    Export,
    NotSettledError,
    UnknownCustomerError,
    Wish,
    export_month,
    month_totals,
)
from orchestration.exports.statement_files import FOLDER
from orchestration.exports.statements import StatementError
from orchestration.house import House
from orchestration.ledger.closing import closed_months
from orchestration.runs import forget_settlement
from orchestration.transform import TransformError


def settle(
    month: Annotated[str, typer.Option(help="Delivery month, YYYY-MM.")],
    forget: Annotated[bool, typer.Option("--forget", help="Take the month off the list.")] = False,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Only look: as known at that moment; UTC+8 unless it has an offset."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The month's totals as JSON.")] = False,
) -> None:
    """Settle a delivery month: wholesale, retail, margin per contract, exact to the fen.

    Takes in the inbox and the rule packs, checks what landed, and brings every mart up to date. A month that
    lacks a price, a reading, a contract or a rule is blocked, and every missing thing is named (exit code 1).
    It stays on the list, and is settled by the first refresh after the missing things came; ``--forget``
    takes it off.

    With ``--as-of`` the month is settled in a database of its own from the deliveries known at that moment,
    and shown; inbox, marts and ledger stay as they are. Rule packs are those of now.

    Example: [cyan]wattledger settle --month 2026-09[/]
    Example: [cyan]wattledger settle --month 2026-09 --as-of "2026-10-05 18:00"[/]
    """
    day, place = month_of(month), house()
    if as_of:
        _show_totals(_as_of(place, day, moment_of(as_of)), f"{month} as known at {as_of}", json=json)
        return
    if forget:
        if closed_months(place.engine("wl_ledger"), day):
            fail(f"{month} is closed and stays; `wattledger resettle --month {month}` corrects it")
        forget_settlement(place.engine("wl_ledger"), day)
        OUT.print(f"{month} is no longer on the list; the next refresh drops its lines")
        return
    with told_failures(JobError, NotSettledError):
        run_job(place, "register_month", day)
        run_job(place, "daily_refresh", place.business_day.day - timedelta(days=1))
        with place.engine("wl_finance").connect() as connection:
            totals = month_totals(connection, day)
    _show_totals(totals, month, json=json)


def _as_of(place: House, month: date, moment: datetime) -> list[dict[str, str]]:
    target = place.home.folder("dbt-as-of")  # another connection than the marts': dbt would parse both anew
    with told_failures(AsOfError, NotSettledError, TransformError), ERR.status("") as status:
        return settle_as_of(place.warehouse, target, month, moment, status.update).totals


def _show_totals(totals: list[dict[str, str]], when: str, *, json: bool) -> None:
    if json:
        print_json(totals)
        return
    for row in totals:
        table = Table("measure", "value", title=f"settlement of {row['province']} {when}")
        for name, value in row.items():
            table.add_row(name, value)
        OUT.print(table)


def export(
    month: Annotated[str, typer.Option(help="Delivery month, YYYY-MM.")],
    out: Annotated[Path, typer.Option(help="Folder; the month becomes a folder in it.")],
    lang: Annotated[Language, typer.Option(help="Language of headings, statements and texts.")] = Language.zh,
    format: Annotated[str, typer.Option(help="Comma-separated: xlsx, csv, parquet, pdf.")] = ",".join(
        FORMATS
    ),
    customer: Annotated[
        list[str] | None, typer.Option(help="Only statements of this customer; give it once for each.")
    ] = None,
    accounts: Annotated[
        Path | None, typer.Option(help="Your chart of accounts (YAML) for the journal.", exists=True)
    ] = None,
) -> None:
    """Export a settled month for finance: tables, statements, reports and a journal that balances.

    Retail statements, one a customer, are in the folder statements; income, grid company settlement,
    reconciliation and deviation are reports. With manifest, control totals and checksums; equal data gives
    equal bytes. Statements of some customers go to YYYY-MM-selected.

    Example: [cyan]wattledger export --month 2026-09 --out exports --lang en --format xlsx,pdf[/]
    """
    asked = format.split(",")
    if unknown := sorted(set(asked) - set(FORMATS)):
        fail(f"--format {','.join(unknown)} is unknown; use {', '.join(FORMATS)}")
    place = house()
    with told_failures(
        NotSettledError, UnknownCustomerError, StatementError, ChartError, UnbalancedError, MissingFontError
    ):
        wish = Wish(
            lang.value, [name for name in FORMATS if name in asked], customer or None, read_chart(accounts)
        )
        done = _under_a_bar(place, month_of(month), out, wish)
    for path in done.files:
        if path.parent.name != FOLDER:
            OUT.print(f"wrote {path}", markup=False, highlight=False, soft_wrap=True)
    if done.statements:
        where = done.folder / FOLDER
        OUT.print(f"wrote {done.statements} statement files in {where}", markup=False, highlight=False)


def _under_a_bar(place: House, month: date, out: Path, wish: Wish) -> Export:
    columns = (TextColumn("statements"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task("", total=None)
        wish = replace(wish, on_progress=lambda done, of: bar.update(task, completed=done, total=of))
        return export_month(place.engine("wl_finance"), month, out, wish)

"""Month end on the command line: settle a month, export it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from orchestration.commands.shared import OUT, fail, house, month_of, print_json, run_job, told_failures
from orchestration.errors import JobError
from orchestration.exports.settlement import FORMATS, NotSettledError, export_month, month_totals
from orchestration.exports.tables import Language
from orchestration.ledger.closing import closed_months
from orchestration.runs import forget_settlement


def settle(
    month: Annotated[str, typer.Option(help="Delivery month, YYYY-MM.")],
    forget: Annotated[bool, typer.Option("--forget", help="Take the month off the list.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The month's totals as JSON.")] = False,
) -> None:
    """Settle a delivery month: wholesale, retail, margin per contract, exact to the fen.

    Takes in the inbox and the rule packs, checks what landed, and brings every mart up to date. A month that
    lacks a price, a reading, a contract or a rule is blocked, and every missing thing is named (exit code 1).
    It stays on the list, and is settled by the first refresh after the missing things came; ``--forget``
    takes it off.

    Example: [cyan]wattledger settle --month 2026-09[/]
    """
    day, place = month_of(month), house()
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
    if json:
        print_json(totals)
        return
    for row in totals:
        table = Table("measure", "value", title=f"settlement of {row['province']} {month}")
        for name, value in row.items():
            table.add_row(name, value)
        OUT.print(table)


def export(
    month: Annotated[str, typer.Option(help="Delivery month, YYYY-MM.")],
    out: Annotated[Path, typer.Option(help="Folder; the month becomes a folder in it.")],
    lang: Annotated[str, typer.Option(help="Headings: zh or en.")] = "zh",
    format: Annotated[str, typer.Option(help="Comma-separated: xlsx, csv, parquet.")] = ",".join(FORMATS),
) -> None:
    """Export a settled month with control totals and checksums; equal data gives equal bytes.

    Example: [cyan]wattledger export --month 2026-09 --out exports --lang en[/]
    """
    languages: dict[str, Language] = {"zh": "zh", "en": "en"}
    if lang not in languages:
        fail(f"--lang {lang!r} is unknown; use zh or en")
    wanted = [name for name in FORMATS if name in format.split(",")]
    if unknown := sorted(set(format.split(",")) - set(FORMATS)):
        fail(f"--format {','.join(unknown)} is unknown; use {', '.join(FORMATS)}")
    place = house()
    with told_failures(NotSettledError):
        done = export_month(
            place.engine("wl_finance"), month_of(month), out, language=languages[lang], formats=wanted
        )
    for path in done.files:
        OUT.print(f"wrote {path}", highlight=False)

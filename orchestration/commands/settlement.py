"""Month end on the command line: settle a month, export it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from orchestration.commands.shared import OUT, fail, house, month_of, print_json, run_job, told_failures
from orchestration.errors import JobError
from orchestration.exports.settlement import FORMATS, NotSettledError, export_month, month_totals
from orchestration.exports.tables import Language


def settle(
    month: Annotated[str, typer.Option(help="Delivery month, YYYY-MM.")],
    json: Annotated[bool, typer.Option("--json", help="The month's totals as JSON.")] = False,
) -> None:
    """Settle a delivery month: wholesale, retail, margin per contract, exact to the fen.

    A month that lacks a price, a reading, a contract or a rule is blocked, and every missing thing is named.

    Example: [cyan]wattledger settle --month 2026-09[/]
    """
    day, place = month_of(month), house()
    with told_failures(JobError, NotSettledError):
        run_job(place, "month_end", day)
        with place.engine("wl_finance").connect() as connection:
            totals = month_totals(connection, day)
    if json:
        print_json(totals)
        return
    table = Table(*totals[0], title=f"settlement of {month}")
    for row in totals:
        table.add_row(*(str(value) for value in row.values()))
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

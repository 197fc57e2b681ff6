"""Data in and out: templates, deliveries, and a prompt on the warehouse."""

from __future__ import annotations

import csv
import dataclasses
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy.exc import DatabaseError

from ingestion.checks import LandingCheck, check_landing
from ingestion.feeds import registry
from ingestion.intake import ingest_paths
from ingestion.report import BatchReport
from ingestion.templates import write_template
from orchestration.commands.shared import ERR, OUT, fail, house, print_json, told_failures
from orchestration.house import House

SHOWN = 20


def template(
    feed: Annotated[str, typer.Argument(help="The feed, e.g. customer; an unknown one lists them all.")],
    out: Annotated[Path | None, typer.Option(help="Where to write it; default FEED.xlsx here.")] = None,
) -> None:
    """Write an empty workbook for a feed, with the rules of every column.

    Example: [cyan]wattledger template customer --out customer.xlsx[/]
    """
    known = registry()
    if feed not in known:
        fail(f"there is no feed {feed!r}; known feeds: {', '.join(sorted(known))}")
    path = out or Path(f"{feed}.xlsx")
    write_template(feed, path)
    OUT.print(f"wrote {path}: {known[feed].title}")


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; a folder may hold a manifest.csv.")],
    feed: Annotated[
        str | None, typer.Option(help="The feed, when file or sheet names do not say it.")
    ] = None,
    check: Annotated[bool, typer.Option(help="Run the Great Expectations suite on what landed.")] = True,
    json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Take in deliveries: every row lands or is quarantined with a reason.

    Exit code 0: everything landed or was known already; 2: some rows were refused; 1: a file could not
    be read, or a check on what landed failed.

    Example: [cyan]wattledger ingest deliveries/ customers.xlsx[/]
    """
    if missing := [str(path) for path in paths if not path.exists()]:
        fail(f"no such file or folder: {', '.join(missing)}")
    if feed is not None and feed not in registry():
        fail(f"there is no feed {feed!r}; known feeds: {', '.join(sorted(registry()))}")
    place = house()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=ERR, transient=True
    ) as bar:
        task = bar.add_task("taking in", total=None)
        reports = ingest_paths(
            place.engine("wl_ingest"),
            paths,
            feed,
            on_progress=lambda done, total, what: bar.update(
                task, completed=done, total=total, description=what
            ),
        )
    checks = _check(place, reports) if check else []
    if json:
        print_json(
            {
                "deliveries": [dataclasses.asdict(one) for one in reports],
                "checks": [str(one) for one in checks],
            }
        )
    else:
        _print_reports(reports, checks)
    if any(one.status == "unreadable" for one in reports) or not all(one.success for one in checks):
        raise typer.Exit(1)
    if any(one.rows_quarantined for one in reports):
        raise typer.Exit(2)


def _check(place: House, reports: list[BatchReport]) -> list[LandingCheck]:
    first: dict[str, int] = {}
    for one in reports:
        if one.feed and one.batch_seq and one.rows_landed and one.status != "duplicate":
            first[one.feed] = min(first.get(one.feed, one.batch_seq), one.batch_seq)
    return [
        check_landing(place.engine("wl_ingest"), name, after_batch_seq=seq - 1) for name, seq in first.items()
    ]


def _print_reports(reports: list[BatchReport], checks: list[LandingCheck]) -> None:
    table = Table("file", "sheet", "status", "delivered", "landed", "quarantined", title="deliveries")
    shown = (
        reports
        if len(reports) <= SHOWN
        else [one for one in reports if one.status in ("partly", "unreadable")]
    )
    for one in shown[:SHOWN]:
        counts = (str(one.rows_delivered), str(one.rows_landed), str(one.rows_quarantined))
        table.add_row(Path(one.file_name).name, one.sheet or "", one.status, *counts)
    totals = [
        str(sum(getattr(one, f"rows_{kind}") for one in reports))
        for kind in ("delivered", "landed", "quarantined")
    ]
    table.add_section()
    table.add_row(f"{len(reports)} deliveries", "", "", *totals)
    OUT.print(table)
    refusals = [refusal.message for one in reports for refusal in one.refusals]
    findings = [finding.message for one in reports for finding in one.flags]
    for style, title, messages in (("red", "refused", refusals), ("yellow", "noticed", findings)):
        for message in messages[:SHOWN]:
            OUT.print(f"[{style}]{title}[/] ", end="")
            OUT.print(message, markup=False, highlight=False)
        if len(messages) > SHOWN:
            where = "see quarantine.row and landing.meter_slot_flag"
            OUT.print(f"[{style}]{title}[/] … and {len(messages) - SHOWN} more; {where}")
    for done in checks:
        OUT.print(f"check {done.feed}: {'[green]sound[/]' if done.success else '[red]failed[/]'}")


def sql(
    query: Annotated[str | None, typer.Argument(help="One statement; without it, a psql prompt.")] = None,
) -> None:
    """Read the marts as a business user sees them (role wl_bi, read only); into a pipe as CSV.

    Example: [cyan]wattledger sql "select * from marts_settlement.settlement_month"[/]
    """
    place = house()
    if query is None:
        psql = shutil.which("psql")
        if psql is None:
            fail("there is no psql on this machine; give the statement as an argument")
        os.execv(psql, [psql, place.warehouse.url("wl_bi", driver="postgresql")])
    with told_failures(DatabaseError, psycopg.Error), place.engine("wl_bi").connect() as connection:
        # straight to the driver: a statement of the user's may hold % and : that are no parameters
        cursor = connection.connection.cursor()
        cursor.execute(query)
        heads = [column[0] for column in cursor.description or ()]
        rows = [["" if value is None else str(value) for value in row] for row in cursor.fetchall()]
    if not OUT.is_terminal:
        csv.writer(sys.stdout, lineterminator="\n").writerows([heads, *rows])
        return
    table = Table(*heads)
    for row in rows:
        table.add_row(*row)
    OUT.print(table)

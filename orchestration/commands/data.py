"""Empty workbooks for deliveries, and a prompt on the warehouse."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.table import Table
from sqlalchemy.exc import DatabaseError

from ingestion.feeds import registry
from ingestion.templates import write_template
from orchestration.commands.shared import OUT, fail, house, told_failures


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

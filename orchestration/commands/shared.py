"""What every sub-command shares: consoles, month and day options, and how a known failure is told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import ProgrammingError

from ingestion.feeds.columns import CellError, Instant
from orchestration.house import House
from orchestration.settings import Settings

_PIPE_COLUMNS = 200
"""Width of a table in a pipe or a file: they have none of their own, and at 80 columns cells were cut."""

OUT = Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_COLUMNS)
ERR = Console(stderr=True, soft_wrap=True)  # a message in a log stays one line, to be searched for


class Language(StrEnum):
    """Languages of what people read."""

    zh = "zh"
    en = "en"


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong on standard error and leave with ``code``."""
    ERR.print(f"[bold red]error[/] {message}", markup=True, highlight=False)
    raise typer.Exit(code)


def house() -> House:
    """The installation that the environment variables describe, with its server up and migrated."""
    found = House(Settings.from_environment())
    found.warehouse.prepare()
    return found


def month_of(text: str) -> date:
    """Parse ``YYYY-MM``.

    Raises:
        typer.BadParameter: naming the value and the form.
    """
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a month; write it as 2026-09") from error


def day_of(text: str) -> date:
    """Parse ``YYYY-MM-DD``.

    Raises:
        typer.BadParameter: naming the value and the form.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2026-09-30") from error


def moment_of(text: str) -> datetime:
    """Parse a moment as it is written in deliveries; UTC+8 unless it has an offset.

    Raises:
        typer.BadParameter: naming the value and the form.
    """
    try:
        value = Instant("as_of", "").parse(text)
    except CellError as error:
        raise typer.BadParameter(f"{text!r} {error}") from error
    assert isinstance(value, datetime)
    return value


def print_json(value: object) -> None:
    """Print a value as JSON, plainly, for programs."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def run_job(place: House, job: str, day: date, config: Mapping[str, Any] | None = None) -> None:
    """Run one partition of a Dagster job in this process, with the run config that its steps take.

    Raises:
        JobError: with the first failure's message.
    """
    from orchestration.pipeline import Pipeline  # Dagster and dbt take seconds to import

    pipeline = Pipeline(place)
    try:
        pipeline.run(job, first=day, config=config)
    finally:
        pipeline.close()


@contextmanager
def told_failures(*kinds: type[Exception]) -> Iterator[None]:
    """Turn the given exceptions into a message and exit code 1."""
    try:
        yield
    except kinds as error:
        fail(escape(str(error)))


@contextmanager
def told_absent_marts() -> Iterator[None]:
    """Marts that are not there yet, or not as this version reads them, are told with what makes them."""
    try:
        yield
    except ProgrammingError as error:
        fail(
            "the marts are not built yet, or by another version; "
            f"run `wattledger demo` or `wattledger settle` first ({error.orig})"
        )

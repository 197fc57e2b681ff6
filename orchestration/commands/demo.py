"""``wattledger demo``: the sample retailer from bare machine to cockpit, with progress."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dashboards import server as superset
from ingestion.sample import SampleSummary
from orchestration.alert_run import standing
from orchestration.cockpit import superset_settings, user_passwords
from orchestration.commands.servers import start_pages, start_servers
from orchestration.commands.shared import OUT, told_failures
from orchestration.environments import EnvironmentFailure
from orchestration.errors import JobError
from orchestration.exports.settlement import NotSettledError
from orchestration.forecast_report import latest_scores, score_table
from orchestration.house import House
from orchestration.ledger.correcting import Booked
from orchestration.ledger.marts_run import LedgerError
from orchestration.memory import PeakMemory
from orchestration.processes import ServiceError
from orchestration.sample_run import SampleRun
from orchestration.settings import Settings
from orchestration.transform import TransformError
from orchestration.warehouse import embedded_server

# what a user may expect on two cores with warm package caches
FRESH_SECONDS, AGAIN_SECONDS, PEAK_GIGABYTES = 300, 60, 4


class Steps:
    """A live list of steps, each with its own bar and time."""

    def __init__(self) -> None:
        """Make an empty list on the terminal as it is now: jobs divert standard output into their log."""
        self.console = Console(file=sys.stdout)
        self.bars = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description:<58}"),
            BarColumn(bar_width=20),
            TimeElapsedColumn(),
            console=self.console,
        )

    @contextmanager
    def step(self, title: str, house: House | None = None) -> Iterator[None]:
        """Show one step; while it runs, ``house.progress`` moves its bar."""
        task = self.bars.add_task(title, total=None)

        def moved(done: int, total: int, what: str) -> None:
            # a part that is done is not the step's end, at which its clock stops
            self.bars.update(task, completed=done, total=total + 1, description=f"{title}: {what}"[:58])

        if house is not None:
            house.progress = moved
        yield
        self.bars.update(task, description=title, completed=1, total=1)


def demo(
    servers: Annotated[bool, typer.Option(help="Also make and start the cockpit and Dagster.")] = True,
) -> None:
    """Build the sample retailer and run it all: ingest, settle, close, correct, forecast, export, cockpit.

    Again is quick and changes nothing. Killed at any moment, the next run ends in the same state.

    Example: [cyan]wattledger demo[/]
    """
    began = time.monotonic()
    steps, house = Steps(), House(Settings.from_environment())
    known = (JobError, LedgerError, NotSettledError, ServiceError, EnvironmentFailure, TransformError)
    with (
        told_failures(*known),
        PeakMemory([os.getpid()]) as memory,
        ThreadPoolExecutor(1) as aside,
        Live(steps.bars, console=steps.console),
    ):
        with steps.step("start PostgreSQL, create roles and databases, migrate"):
            house.warehouse.prepare()
            if house.settings.database_url is None:
                memory.roots.append(embedded_server(house.home).pid)
        aside.submit(house.parse)  # who needs the manifest waits for it, or makes it and tells what failed
        cockpit = aside.submit(_make_cockpit, house, steps) if servers else None
        run = SampleRun(house)
        with steps.step("build the sample retailer's deliveries", house):
            summary = run.prepare()
        with steps.step("take in deliveries, check them, settle twelve months", house):
            run.refresh(summary)
        with steps.step("close eleven of them"):
            run.close_months(summary)
        with steps.step("correct a closed month by late data", house):
            corrections = run.correct(summary)
        with steps.step("forecast the next day's load, price and purchase cost", house):
            run.forecast(summary)
        with steps.step("export the last two months", house):
            exports = run.export(summary)
        run.close()
        urls = _start(house, steps, cockpit)
    OUT.line()  # where output is no terminal, the steps end without one
    OUT.print(
        score_table(
            latest_scores(house.engine("wl_ledger"), summary.province, summary.next_delivery_on),
            summary.next_delivery_on,
        )
    )
    _print_books(summary, corrections)
    for export in exports:
        OUT.print(
            f"export     {export.folder}  sha256 of checksums {export.digest[:16]}…",
            highlight=False,
            soft_wrap=True,
        )
    OUT.print(f"alerts     {standing(house)}", highlight=False, soft_wrap=True)
    _print_budgets(time.monotonic() - began, memory.peak_bytes, fresh=run.did_work)
    if urls:
        _print_access(house, urls)


def _print_books(summary: SampleSummary, corrections: list[Booked]) -> None:
    first, last = summary.closed_months[0], summary.closed_months[-1]
    where = " and ".join(summary.provinces)
    OUT.print(f"closed     {first} to {last} of {where}, by {summary.closed_by}", highlight=False)
    for one in corrections:
        OUT.print(
            f"corrected  {one.origin_month:%Y-%m} of {one.province} by {one.margin_cny} yuan of margin,"
            f" booked into {one.booked_month:%Y-%m} ({one.rows['lines']} lines, {one.reason})",
            highlight=False,
            soft_wrap=True,
        )


def _make_cockpit(house: House, steps: Steps) -> None:
    with steps.step("make and start Superset with its dashboards (aside)"):
        superset.deploy(superset_settings(house))
        start_pages(house)


def _start(house: House, steps: Steps, cockpit: Future[None] | None) -> dict[str, str]:
    if cockpit is None:
        return {}
    with steps.step("start Dagster's daemon"):
        cockpit.result()
        return start_servers(house)


def _print_budgets(seconds: float, peak_bytes: int, *, fresh: bool) -> None:
    allowed = FRESH_SECONDS if fresh else AGAIN_SECONDS
    OUT.print(
        f"took       {seconds:.0f} s (budget {allowed} s), peak memory {peak_bytes / 1024**3:.2f} GB"
        f" (budget {PEAK_GIGABYTES} GB)",
        highlight=False,
        soft_wrap=True,
    )


def _print_access(house: House, urls: dict[str, str]) -> None:
    table = Table("user", "password", title="cockpit users (kept in secrets.json)")
    for name, password in user_passwords(house).items():
        table.add_row(name, password)
    OUT.print(table)
    OUT.print(
        f"Cockpit    {urls['cockpit']}/superset/dashboard/operations-zh/   (English: operations-en)",
        highlight=False,
        soft_wrap=True,
    )
    OUT.print(f"Dagster    {urls['dagster']}", highlight=False, soft_wrap=True)
    OUT.print("Stop all   wattledger down", highlight=False, soft_wrap=True)

"""Active acquisition on the command line: take readings from every source now, or watch the sources."""

from __future__ import annotations

import dataclasses
import json
import logging
import signal
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.logging import RichHandler
from rich.markup import escape
from rich.table import Table

from ingestion.connectors.collector import Outcome, collect_all, watch_all
from ingestion.connectors.settings import ConnectorSettings, SettingsError, load_settings, missing_secrets
from ingestion.live.folding import DAYS_BACK, fold_live_days
from orchestration.collecting import connectors_file, health_folder
from orchestration.commands.shared import ERR, OUT, fail, house, print_json, told_failures
from orchestration.home import Home

SHOWN = 5


def collect(
    file: Annotated[
        Path | None,
        typer.Argument(help="Settings of the connectors; default: connectors.yml in WATTLEDGER_HOME."),
    ] = None,
    watch: Annotated[
        bool, typer.Option(help="Go on until stopped, each connector at its own every_s.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="Only the connector of this name; may repeat.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Check the file and connect to nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON; with --watch a line per batch.")] = False,
) -> None:
    """Take readings from every connector: each record lands or is quarantined with a reason.

    Exit code 0: everything landed or was known already; 2: some records were refused; 1: a connector
    failed (the others went on), or the file is wrong. See docs/connectors.md.

    Example: [cyan]wattledger collect --only meters_north[/]
    """
    path = file or connectors_file(Home.from_environment())
    with told_failures(SettingsError):
        settings = _chosen(path, load_settings(path), only or [])
    if check:
        _print_check(path, settings, as_json)
        return
    place = house()
    engine, folder = place.engine("wl_ingest"), health_folder(place.home)
    if not watch:
        with OUT.status(f"asking {len(settings)} connectors") if not as_json else nullcontext():
            outcomes = collect_all(engine, settings, folder)
        _print_outcomes(outcomes, as_json)
        raise typer.Exit(_exit_code(outcomes))
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[RichHandler(console=ERR)])
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    late = watch_all(engine, settings, folder, stop, _tell_json if as_json else _tell)
    if late:
        ERR.print(
            f"left in mid-poll: {', '.join(late)}; what was not landed is offered again", highlight=False
        )
    place.close()


def fold(
    days: Annotated[int, typer.Option(help="How many finished days to look at.", min=1)] = DAYS_BACK,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Turn finished days of live registers into meter days, where no other source delivered them.

    The daily refresh does this by itself; call it to see the days sooner, or after a long outage with more
    days. Exit code 0, or 2 when some days were refused.

    Example: [cyan]wattledger fold --days 31[/]
    """
    place = house()
    with OUT.status("folding live readings") if not as_json else nullcontext():
        done = fold_live_days(place.engine("wl_ingest"), place.business_day.day, days)
    if as_json:
        deliveries = [dataclasses.asdict(one) for one in done.reports]
        print_json({"deliveries": deliveries, "unknown_points": sorted(done.unknown_points)})
    else:
        for one in done.reports:
            OUT.print(f"{one.file_name}: {one.rows_landed} landed, {one.rows_quarantined} quarantined")
        if not done.reports:
            OUT.print("nothing to fold")
        if done.unknown_points:
            points = ", ".join(sorted(done.unknown_points)[:SHOWN])
            ERR.print(
                f"[yellow]not folded[/] {len(done.unknown_points)} points without a metering_point record "
                f"({points}). Remedy: deliver feed metering_point for them.",
                highlight=False,
            )
    if any(one.rows_quarantined for one in done.reports):
        raise typer.Exit(2)


def _chosen(path: Path, settings: list[ConnectorSettings], only: Sequence[str]) -> list[ConnectorSettings]:
    """The connectors that were asked for by name; all without a name."""
    names = [one.name for one in settings]
    if unknown := [name for name in only if name not in names]:
        fail(f"{path} has no connector {', '.join(unknown)}; it has {', '.join(names)}")
    return [one for one in settings if not only or one.name in only]


def _print_check(path: Path, settings: Sequence[ConnectorSettings], as_json: bool) -> None:
    """What the file says, and which secrets are not there."""
    rows = [
        (one.name, str(getattr(one, "connector", "")), one.every_s, missing_secrets(one)) for one in settings
    ]
    if as_json:
        keys = ("name", "connector", "every_s", "missing_secrets")
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        table = Table("connector", "kind", "every s", "secrets that are not set", title=str(path))
        for name, kind, every_s, missing in rows:
            table.add_row(name, kind, f"{every_s:g}", ", ".join(missing))
        OUT.print(table)
    if any(missing for *_, missing in rows):
        fail("secrets are not set. Remedy: export these environment variables before collecting.")


def _print_outcomes(outcomes: Sequence[Outcome], as_json: bool) -> None:
    """One line a connector, then what was refused and what failed."""
    if as_json:
        print_json([dataclasses.asdict(one) for one in outcomes])
        return
    table = Table("connector", "kind", "state", "batches", "delivered", "landed", "quarantined")
    for one in outcomes:
        state = "[red]failed[/]" if one.error else "[green]ok[/]"
        counts = (one.batches, one.rows_delivered, one.rows_landed, one.rows_quarantined)
        table.add_row(one.name, one.connector, state, *map(str, counts))
    OUT.print(table)
    for one in outcomes:
        for message in one.refusals[:SHOWN]:
            OUT.print(f"[yellow]refused[/] {one.name}: {escape(message)}", highlight=False)
        if len(one.refusals) > SHOWN:
            OUT.print(
                f"[yellow]refused[/] {one.name}: … {len(one.refusals) - SHOWN} more; see quarantine.row"
            )
        if one.error:
            ERR.print(f"[bold red]failed[/] {one.name}: {escape(one.error)}", highlight=False)


def _exit_code(outcomes: Sequence[Outcome]) -> int:
    """As of ``ingest``: 1 before 2 before 0."""
    if any(one.error for one in outcomes):
        return 1
    return 2 if any(one.rows_quarantined for one in outcomes) else 0


def _tell(outcome: Outcome) -> None:
    """A batch or a failure as a line of the log."""
    if outcome.error:
        logging.getLogger(__name__).warning("%s failed: %s", outcome.name, outcome.error)
        return
    counts = (outcome.rows_delivered, outcome.rows_landed, outcome.rows_quarantined)
    logging.getLogger(__name__).info("%s: %d delivered, %d landed, %d quarantined", outcome.name, *counts)


def _tell_json(outcome: Outcome) -> None:
    """A batch or a failure as a line of JSON, with the moment of this machine."""
    line = {
        "at": datetime.now().astimezone().isoformat(timespec="milliseconds"),
        **dataclasses.asdict(outcome),
    }
    typer.echo(json.dumps(line, ensure_ascii=False))

"""Deliveries in: what landed, what was refused, and the annotated copies of refused workbooks."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from ingestion.checks import LandingCheck, check_landing
from ingestion.feeds import registry
from ingestion.feeds.meter_day import FEED
from ingestion.formats.profile import SourceProfile, load_profile
from ingestion.formats.returning import Returner
from ingestion.intake import ingest_paths
from ingestion.report import BatchReport, FileRefused
from orchestration.commands.shared import ERR, OUT, fail, house, print_json, told_failures
from orchestration.house import House

SHOWN = 20
SHAPED_FEED = FEED.name


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; a folder may hold a manifest.csv.")],
    feed: Annotated[
        str | None, typer.Option(help="The feed, when file or sheet names do not say it.")
    ] = None,
    profile: Annotated[
        Path | None, typer.Option(help="Source profile (YAML) that says what all these files mean.")
    ] = None,
    returns: Annotated[
        Path | None,
        typer.Option(help="Folder for annotated copies of refused workbooks; default: the home's returned/."),
    ] = None,
    check: Annotated[bool, typer.Option(help="Run the Great Expectations suite on what landed.")] = True,
    json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Take in deliveries: every row lands or is quarantined with a reason.

    A workbook with refused rows comes back annotated: the bad cells marked, the reason beside each.
    Exit code 0: everything landed or was known already; 2: some rows were refused; 1: a file could not
    be read, or a check on what landed failed.

    Example: [cyan]wattledger ingest deliveries/ customers.xlsx[/]
    Example: [cyan]wattledger ingest steel_2018.csv --profile steel_plant.yml[/]
    """
    if missing := [str(path) for path in paths if not path.exists()]:
        fail(f"no such file or folder: {', '.join(missing)}")
    if feed is not None and feed not in registry():
        fail(f"there is no feed {feed!r}; known feeds: {', '.join(sorted(registry()))}")
    if profile is not None and feed not in (None, SHAPED_FEED):
        fail(f"a source profile makes {SHAPED_FEED} records, so --feed {feed} contradicts it; leave one out")
    with told_failures(FileRefused):
        shape = load_profile(profile) if profile else None
    place = house()
    folder = returns or place.returned
    if inside := _taken_in(folder, paths):
        fail(f"{folder} lies in {inside}, so its copies would be taken in; name a folder outside")
    returner = Returner(folder)
    reports = _take_in(place, paths, feed, shape, returner)
    checks = _check(place, reports) if check else []
    if json:
        _print_as_json(reports, checks, returner)
    else:
        _print_reports(reports, checks)
        for one in returner.returned:
            OUT.print("[yellow]annotated[/] ", end="")
            OUT.print(str(one), markup=False, highlight=False, soft_wrap=True)
    if any(one.status == "unreadable" for one in reports) or not all(one.success for one in checks):
        raise typer.Exit(1)
    if any(one.rows_quarantined for one in reports):
        raise typer.Exit(2)


def _take_in(
    place: House, paths: list[Path], feed: str | None, shape: SourceProfile | None, returner: Returner
) -> list[BatchReport]:
    """Land the deliveries under a progress bar."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=ERR, transient=True
    ) as bar:
        task = bar.add_task("taking in", total=None)
        return ingest_paths(
            place.engine("wl_ingest"),
            paths,
            feed,
            on_progress=lambda done, total, what: bar.update(
                task, completed=done, total=total, description=what
            ),
            profile=shape,
            on_delivery=returner,
        )


def _taken_in(folder: Path, paths: list[Path]) -> Path | None:
    """The given folder below which ``folder`` lies where the intake would find it."""
    for path in paths:
        try:
            below = folder.resolve().relative_to(path.resolve())
        except ValueError:
            continue
        if not any(part.startswith(".") for part in below.parts):
            return path
    return None


def _check(place: House, reports: list[BatchReport]) -> list[LandingCheck]:
    first: dict[str, int] = {}
    for one in reports:
        if one.feed and one.batch_seq and one.rows_landed and one.status != "duplicate":
            first[one.feed] = min(first.get(one.feed, one.batch_seq), one.batch_seq)
    return [
        check_landing(place.engine("wl_ingest"), name, after_batch_seq=seq - 1) for name, seq in first.items()
    ]


def _print_as_json(reports: list[BatchReport], checks: list[LandingCheck], returner: Returner) -> None:
    print_json(
        {
            "deliveries": [dataclasses.asdict(one) for one in reports],
            "checks": [str(one) for one in checks],
            "returned": [dataclasses.asdict(one) for one in returner.returned],
        }
    )


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
    omitted = [sum(one.refusals_omitted for one in reports), sum(one.flags_omitted for one in reports)]
    told = (("red", "refused", refusals, omitted[0]), ("yellow", "noticed", findings, omitted[1]))
    for style, title, messages, more in told:
        for message in messages[:SHOWN]:
            OUT.print(f"[{style}]{title}[/] ", end="")
            OUT.print(message, markup=False, highlight=False)
        if len(messages) + more > SHOWN:
            where = "see quarantine.row and landing.meter_slot_flag"
            OUT.print(f"[{style}]{title}[/] … and {len(messages) + more - SHOWN} more; {where}")
    for done in checks:
        OUT.print(f"check {done.feed}: {'[green]sound[/]' if done.success else '[red]failed[/]'}")
        if not done.success:
            OUT.print(str(done), markup=False, highlight=False, soft_wrap=True)

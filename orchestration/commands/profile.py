"""Source profiles: is one valid, and how would it read these files."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ingestion.formats.preview import Preview, preview
from ingestion.formats.profile import SourceProfile, load_profile
from ingestion.report import FileRefused
from orchestration.commands.shared import ERR, OUT, fail, print_json

SHOWN = 10
app = typer.Typer(
    no_args_is_help=True, help="Source profiles: YAML files that say what a source's interval files mean."
)


@app.callback()
def profiles() -> None:
    """Source profiles: YAML files that say what a source's interval files mean."""


@app.command("check")
def check(
    profile: Annotated[Path, typer.Argument(help="The source profile (YAML).", exists=True)],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files to read through it; nothing lands.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Validate a profile and show how it reads files, without landing anything; needs no database.

    An ambiguous file shows the two readings of it. Exit code 0: valid, and every row would land; 2: some
    rows would be refused; 1: the profile is wrong, or a file could not be read.

    Example: [cyan]wattledger profile check steel_plant.yml steel_2018.csv[/]
    """
    try:
        shape = load_profile(profile)
    except FileRefused as refused:
        if json:
            print_json({"profile": str(profile), "valid": False, "problem": str(refused), "files": []})
            raise typer.Exit(1) from refused
        ERR.print("[bold red]error[/] ", end="")
        ERR.print(f"{profile}: {refused}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from refused
    shown = [_read(path, shape) for path in files or []]
    if json:
        listed = [dataclasses.asdict(one) for one in shown]
        print_json({"profile": shape.profile, "valid": True, "files": listed})
    else:
        OUT.print(f"[green]valid[/] {shape.profile}: {_summary(shape)}", highlight=False)
        for one in shown:
            _print(one)
    if any(one.refused for one in shown):
        raise typer.Exit(1)
    if any(one.refusals for one in shown):
        raise typer.Exit(2)


def _read(path: Path, shape: SourceProfile) -> Preview:
    try:
        return preview(path.read_bytes(), path.name, shape)
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}")


def _summary(shape: SourceProfile) -> str:
    """What the profile says, in a line."""
    label = "" if shape.label is None else f", label {shape.label}"
    factor = "" if shape.factor == 1 else f", times {shape.factor}"
    return f"{shape.layout}, {shape.points} points a day, {shape.values} in {shape.unit}{factor}{label}"


def _print(one: Preview) -> None:
    """One file as a person reads it."""
    if one.refused:
        OUT.print("[red]refused[/] ", end="")
        OUT.print(one.refused.message, markup=False, highlight=False, soft_wrap=True)
        return
    names = ", ".join(one.metering_points[:3]) + (" …" if len(one.metering_points) > 3 else "")
    title = f"{one.file_name}: {one.rows_delivered} rows, {len(one.metering_points)} points ({names})"
    table = Table(
        "channel", "points", "meter days", "first label", "last label", "kWh", "missing slots", title=title
    )
    for channel in one.channels:
        table.add_row(*(str(value if value is not None else "") for value in dataclasses.astuple(channel)))
    OUT.print(table)
    for refusal in one.refusals[:SHOWN]:
        OUT.print("[red]would be refused[/] ", end="")
        OUT.print(refusal.message, markup=False, highlight=False, soft_wrap=True)
    if len(one.refusals) > SHOWN:
        OUT.print(f"[red]would be refused[/] … and {len(one.refusals) - SHOWN} more")

"""Market rules: which packs there are, what a day gets, and what is wrong with a file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ingestion.market_rules import BUILT_IN, list_packs, pack_for, pack_rows, validate_file
from ingestion.market_rules.library import NoPackError
from ingestion.market_rules.validation import PackFileError
from orchestration.commands.shared import OUT, day_of, print_json, told_failures
from orchestration.settings import Settings

app = typer.Typer(
    no_args_is_help=True, help="Market rule packs: dated YAML files, one per province and version."
)


def _folders() -> list[Path]:
    return [BUILT_IN, *Settings.from_environment().rule_pack_folders]


@app.command("list")
def list_(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List every pack: province, version, days, status.

    Example: [cyan]wattledger rules list[/]
    """
    with told_failures(PackFileError):
        packs = [found.pack for found in list_packs(_folders())]
    rows = [
        (pack.province, pack.version, pack.effective_from, pack.effective_to, pack.status) for pack in packs
    ]
    if json:
        print_json(
            [dict(zip(("province", "version", "from", "to", "status"), row, strict=True)) for row in rows]
        )
        return
    table = Table("province", "version", "from", "to", "status", title="rule packs")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    OUT.print(table)


@app.command("show")
def show(
    province: Annotated[str, typer.Argument(help="Province code, e.g. shandong.")],
    on: Annotated[str, typer.Option(help="Delivery day, YYYY-MM-DD.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show the pack that a delivery day gets, each value with its source and confidence.

    Example: [cyan]wattledger rules show shandong --on 2026-09-15[/]
    """
    with told_failures(PackFileError, NoPackError):
        rows = pack_rows(pack_for(province, day_of(on), _folders()))
    if json:
        print_json([dataclasses.asdict(row) for row in rows])
        return
    table = Table("path", "value", "source", "confidence", title=f"{province} on {on}")
    for row in rows:
        table.add_row(row.path, row.value, row.source or "", row.confidence or "")
    OUT.print(table)


@app.command("validate")
def validate(
    files: Annotated[list[Path], typer.Argument(help="Rule pack files (YAML).", exists=True)],
) -> None:
    """Report every error of each file at once, with path, value and what is allowed.

    Example: [cyan]wattledger rules validate my-province/2026-01-01.yml[/]
    """
    errors = [error for file in files for error in validate_file(file)]
    for error in errors:
        OUT.print(f"[red]error[/] {error}", highlight=False)
    OUT.print(f"{len(files)} files, {len(errors)} errors")
    raise typer.Exit(1 if errors else 0)

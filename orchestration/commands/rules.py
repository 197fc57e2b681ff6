"""Market rules: which packs there are, what a day gets, and what is wrong with a file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from ingestion.market_rules import BUILT_IN, list_packs, pack_for, pack_rows, pack_summary, validate_files
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
    """List every pack: province, version, days, status, sections, and how well its values are sourced.

    Example: [cyan]wattledger rules list[/]
    """
    with told_failures(PackFileError):
        packs = [pack_summary(found.pack) for found in list_packs(_folders())]
    if json:
        print_json([dataclasses.asdict(pack) for pack in packs])
        return
    table = Table(title="rule packs: values sourced / illustrative / null", box=SIMPLE)
    for name in ("province", "version", "from", "to", "status", "values"):
        table.add_column(name, no_wrap=True)
    table.add_column("sections", min_width=12)
    for pack in packs:
        counts = f"{pack.sourced} / {pack.illustrative} / {pack.null}"
        days = (str(pack.effective_from), str(pack.effective_to or ""))
        table.add_row(pack.province, pack.version, *days, pack.status, counts, " ".join(pack.sections))
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
    table = Table("path", "value", "source", "confidence", "note", title=f"{province} on {on}")
    for row in rows:
        table.add_row(row.path, row.value, row.source, row.confidence, row.note)
    OUT.print(table)


@app.command("validate")
def validate(
    files: Annotated[list[Path], typer.Argument(help="Rule pack files (YAML).")],
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Report every error of every file at once: path, value, what is allowed; and overlaps among the files.

    Example: [cyan]wattledger rules validate my-province/2026-01-01.yml[/]
    """
    errors = validate_files(files)
    if json:
        print_json([dataclasses.asdict(error) | {"file": str(error.file)} for error in errors])
    else:
        for error in errors:
            OUT.print(f"[red]error[/] {escape(str(error))}", highlight=False)
        OUT.print(f"{len(files)} files, {len(errors)} errors")
    raise typer.Exit(1 if errors else 0)

"""``python -m benchmarks``: WattLedger's ratios against DuckDB and Polars; exit 1 when a budget fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import postgres_peer as postgres
from benchmarks.closed_month_suite import run_closed_month
from benchmarks.curves import real_curves
from benchmarks.intake_suite import MONTH_POINTS, land_a_gigabyte, run_intake
from benchmarks.pricing import EXPONENT_BUDGET, TotalsDiffer
from benchmarks.pricing_suite import run_pricing
from benchmarks.report import SizeResult, growth, machine, print_conditions, print_size, write_json
from benchmarks.statements_suite import run_statements
from benchmarks.suite import MONTH_END, AnswersDiffer, run_size
from orchestration.settings import Settings

RESULTS = Path(__file__).parent / "results"
FIRST_ON = date(2026, 9, 1)


def main(
    points: Annotated[list[int] | None, typer.Option(help="Metering points; give it once per size.")] = None,
    days: Annotated[int, typer.Option(min=1, help="Delivery days from 2026-09-01.")] = 30,
    repeats: Annotated[int, typer.Option(min=1, help="Turns of each query; medians count.")] = 9,
    database_url: Annotated[
        str | None, typer.Option(help="A superuser URL of your PostgreSQL; default: the warehouse's.")
    ] = None,
    report_only: Annotated[
        bool, typer.Option("--report-only", help="Exit 0 even when a budget fails.")
    ] = False,
    memory: Annotated[
        bool, typer.Option("--memory", help="Only land a delivery of 1 GB and report the peak memory.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for the JSON of this run.")] = RESULTS,
) -> None:
    """Load and aggregate tiled real profiles in PostgreSQL, DuckDB and Polars.

    Example: python -m benchmarks --points 1000 --repeats 5
    """
    console, settings = Console(width=120), Settings.from_environment()
    if database_url:
        settings = replace(settings, database_url=database_url)
    if memory:
        raise typer.Exit(0 if land_a_gigabyte(console, settings) or report_only else 1)
    results, conditions = [], {}
    for size in points or [1_000, 10_000]:
        console.print(f"tiling and loading {size:,} points x {days} days …")
        curves = real_curves(size, FIRST_ON, days, settings.home.folder("cache"))
        with postgres.scratch_warehouse(settings) as engine, TemporaryDirectory(prefix="bench-") as folder:
            conditions = machine(postgres.version_and_settings(engine))
            try:
                measures = run_size(engine, curves, Path(folder), repeats)
            except AnswersDiffer as wrong:
                console.print(f"[red]{wrong}")
                raise typer.Exit(1) from wrong
        results.append(SizeResult(size, days, measures))
        print_size(console, results[-1])
    grown = growth(results, MONTH_END)
    if grown is not None:
        console.print(f"{MONTH_END}: seconds grow as points^{grown:.2f} (budget <= {EXPONENT_BUDGET:g})")
    intake, broken = run_intake(console, settings, max(points or [MONTH_POINTS]), days)
    try:
        pricing, slow = run_pricing(console, settings, max(points or [MONTH_POINTS]))
    except TotalsDiffer as wrong:
        console.print(f"[red]{wrong}")
        raise typer.Exit(1) from wrong
    closed, heavy = run_closed_month(console, settings, max(points or [MONTH_POINTS]), days)
    statements, late = run_statements(console, settings)
    print_conditions(console, conditions)
    path = out / f"{datetime.now():%Y%m%dT%H%M%S}.json"
    sections = {"intake": intake, "pricing": pricing, "closed_month": closed, "statements": statements}
    write_json(path, results, conditions, sections)
    console.print(f"written to {path}")
    failed = [text for result in results for text in result.failed] + broken + slow + heavy + late
    if grown is not None and grown > EXPONENT_BUDGET:
        failed.append(f"{MONTH_END} grows as points^{grown:.2f}, budget {EXPONENT_BUDGET:g}")
    for text in failed:
        console.print(f"[red]budget failed:[/] {text}")
    if failed and not report_only:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)

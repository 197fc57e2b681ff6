"""The intake's budgets: landing a day against its peer at growing sizes, late corrections, memory."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import landing_peer as landing
from benchmarks import postgres_peer as postgres
from benchmarks import recompute
from benchmarks.curves import real_curves
from benchmarks.memory import BUDGET_BYTES, land_in_child, write_large
from orchestration.settings import Settings

SIZES: Final = (1_000, 10_000, 50_000)
BUDGET_POINTS: Final = 10_000
MONTH_POINTS: Final = 10_000
GIGABYTE: Final = 1_000_000_000
FIRST_ON: Final = date(2026, 9, 1)
NOTE: Final = (
    "'door' is ingest_paths on one file, durable: duplicate detection, the intake's checks, versions, "
    "ledger. 'suite' is the Great Expectations suite that `wattledger ingest` runs once per feed and command "
    "on all that landed; importing Great Expectations (seconds, once per process) happens in the warm-up "
    "turn. The peer is pandas.read_csv of the same file and a binary COPY of its rows as int4 into a table "
    "without key or index."
)


def run_intake(
    console: Console, settings: Settings, points: int, days: int
) -> tuple[dict[str, object], list[str]]:
    """Measure and print; what was measured, and the budgets that failed in words."""
    sizes = [size for size in SIZES if size <= max(points, 1_000)] if points < BUDGET_POINTS else list(SIZES)
    landings = [_landing(settings, size) for size in sizes]
    failed = _print_landings(console, landings)
    result = _recompute(settings, points, days)
    failed += _print_recompute(console, result)
    measured: dict[str, object] = {
        "note": NOTE,
        "landing": [
            asdict(one) | {"ratio": one.ratio, "with_suite": one.ratio_with_suite} for one in landings
        ],
        "recompute": asdict(result)
        | {
            "ratio": result.ratio,
            "late_ratio": result.late_ratio,
            "arriving_ratio": result.arriving_ratio,
            "budget": recompute.BUDGET,
        },
    }
    return measured, failed


def _landing(settings: Settings, points: int) -> landing.Landing:
    curves = real_curves(points, FIRST_ON, 1, settings.home.folder("cache"))
    turns = landing.TURNS if points < 50_000 else 3
    with postgres.scratch_warehouse(settings) as engine, TemporaryDirectory(prefix="bench-") as folder:
        return landing.measure_landing(engine, curves, Path(folder), turns)


def _print_landings(console: Console, landings: list[landing.Landing]) -> list[str]:
    """One line per size; the budgets that failed."""
    table = Table(title="landing one day from CSV", title_justify="left")
    for heading in ("points", "door", "suite", "peer", "door/peer", "with suite", "budget", "", "µs a point"):
        table.add_column(heading, justify="right", no_wrap=True)
    failed = []
    for one in landings:
        judged = one.points >= BUDGET_POINTS
        passes = one.ratio_with_suite <= landing.BUDGET
        if judged and not passes:
            failed.append(
                f"landing {one.points:,} points with suite: {one.ratio_with_suite:.2f} x the peer, "
                f"budget {landing.BUDGET:g}"
            )
        table.add_row(
            f"{one.points:,}",
            *(f"{seconds:.3f} s" for seconds in (one.door, one.suite, one.peer)),
            f"{one.ratio:.2f}",
            f"{one.ratio_with_suite:.2f}",
            f"<= {landing.BUDGET:g}" if judged else "",
            ("[green]pass" if passes else "[red]FAIL") if judged else "",
            f"{one.door / one.points * 1e6:.0f}",
        )
    console.print(table)
    if len(landings) > 2:
        fitted = landing.exponent(landings)
        console.print(f"door seconds grow as points^{fitted:.2f} (budget <= {landing.EXPONENT_BUDGET:g})")
        if fitted > landing.EXPONENT_BUDGET:
            failed.append(f"landing grows as points^{fitted:.2f}, budget {landing.EXPONENT_BUDGET:g}")
    console.print(NOTE, style="dim")
    return failed


def _recompute(settings: Settings, points: int, days: int) -> recompute.Recompute:
    curves = real_curves(points, FIRST_ON, days, settings.home.folder("cache"))
    with postgres.scratch(settings) as warehouse, TemporaryDirectory(prefix="bench-") as folder:
        return recompute.measure_recompute(warehouse, curves, Path(folder))


def _print_recompute(console: Console, result: recompute.Recompute) -> list[str]:
    """Both months and both recomputes, model by model; the budget if it failed."""
    timed = {
        "full month": result.full,
        "next month": result.arriving,
        "every day": result.spread,
        "last days": result.late,
    }
    table = Table(
        title=f"recompute after {result.corrected:,} corrected meter days of {result.points * result.days:,}",
        title_justify="left",
    )
    for heading in ("model", *timed):
        table.add_column(heading, justify="left" if heading == "model" else "right", no_wrap=True)
    for model in sorted(result.full, key=lambda name: -result.full[name]):
        table.add_row(model, *(f"{seconds.get(model, 0):.2f} s" for seconds in timed.values()))
    table.add_section()
    table.add_row("all", *(f"{sum(seconds.values()):.2f} s" for seconds in timed.values()))
    console.print(table)
    console.print(
        f"corrections on every day: ratio {result.ratio:.3f}, on the last days: {result.late_ratio:.3f}, "
        f"budget <= {recompute.BUDGET:g} (dbt's execution time per model); "
        f"of the next month, which came to the first: {result.arriving_ratio:.3f}"
    )
    if result.points < BUDGET_POINTS or result.passes:
        return []
    return [
        f"recompute after 1 % corrections: {result.ratio:.3f} and {result.late_ratio:.3f} of the full month, "
        f"budget {recompute.BUDGET:g}"
    ]


def land_a_gigabyte(console: Console, settings: Settings) -> bool:
    """Land a file of 1 GB in a process of its own; whether its peak memory kept the budget."""
    curves = real_curves(MONTH_POINTS, date(2026, 1, 1), 1, settings.home.folder("cache"))
    with (
        postgres.scratch_warehouse(settings) as engine,
        TemporaryDirectory(prefix="bench-", dir="/var/tmp") as folder,
    ):
        path = Path(folder) / "meter_day-large.csv"
        rows = write_large(path, curves, GIGABYTE)
        landed = land_in_child(engine, path)
    console.print(
        f"{landed.file_bytes / 1e6:,.0f} MB, {landed.landed:,} of {rows:,} meter days {landed.status} in "
        f"{landed.seconds:.0f} s; peak memory {landed.peak / 1e6:,.0f} MB, "
        f"budget < {BUDGET_BYTES / 1e6:,.0f} MB"
    )
    return landed.passes and landed.landed == rows

"""The month-end section of the bench: growing sizes, the growth's budget, memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import postgres_peer as postgres
from benchmarks.closed_month import (
    EXPONENT_BUDGET,
    MEMORY_BUDGET,
    ClosedMonth,
    exponent,
    measure_closed_month,
)
from benchmarks.curves import real_curves
from orchestration.settings import Settings
from orchestration.warehouse import embedded_server

SIZES: Final = (1_000, 10_000, 50_000)
FIRST_ON: Final = date(2026, 9, 1)
_SHOWN: Final = 3
NOTE: Final = (
    "From landed curves to closed lines: all settlement models of one first dbt run by dbt's execution time, "
    "and the closing by the clock; a contract a metering point. Memory is of this process, dbt and the "
    "embedded database together (proportional set size, sampled), shared buffers included, without the "
    "landed curves that the bench keeps to check the books."
)


def run_closed_month(
    console: Console, settings: Settings, points: int, days: int
) -> tuple[dict[str, object], list[str]]:
    """Measure and print; what was measured, and the budgets that failed in words."""
    sizes = [size for size in SIZES if size <= max(points, SIZES[0])]
    found = []
    for size in sizes:
        curves = real_curves(size, FIRST_ON, days, settings.home.folder("cache"))
        with postgres.scratch(settings) as warehouse, TemporaryDirectory(prefix="bench-") as folder:
            server = None if settings.database_url else embedded_server(settings.home).pid
            found.append(measure_closed_month(warehouse, curves, Path(folder), server))
    failed = print_closed_month(console, found)
    measured: dict[str, object] = {
        "note": NOTE,
        "sizes": [asdict(one) | {"seconds": one.seconds} for one in found],
        "exponent": exponent(found) if len(found) > 1 else None,
        "budgets": {"exponent": EXPONENT_BUDGET, "peak": MEMORY_BUDGET},
    }
    return measured, failed


def print_closed_month(console: Console, found: Sequence[ClosedMonth]) -> list[str]:
    """One line per size; the budgets that failed."""
    table = Table(title="from landed curves to closed lines", title_justify="left")
    for heading in ("points", "lines", "models", "closing", "ms a point", "peak memory", "dearest models"):
        table.add_column(heading, justify="left" if heading == "dearest models" else "right")
    for one in found:
        dearest = sorted(one.models, key=lambda name: -one.models[name])[:_SHOWN]
        table.add_row(
            f"{one.points:,}",
            f"{one.lines:,}",
            f"{sum(one.models.values()):.1f} s",
            f"{one.closing:.1f} s",
            f"{one.seconds / one.points * 1e3:.2f}",
            f"{one.peak / 1e6:,.0f} MB",
            ", ".join(f"{name} {one.models[name]:.1f} s" for name in dearest),
        )
    console.print(table)
    console.print(NOTE, style="dim")
    failed = [
        f"month-end of {one.points:,} points: peak memory {one.peak / 1e6:,.0f} MB, "
        f"budget {MEMORY_BUDGET / 1e6:,.0f} MB"
        for one in found
        if one.peak > MEMORY_BUDGET
    ]
    if len(found) > 1:
        grown = exponent(found)
        console.print(f"seconds grow as points^{grown:.2f} (budget <= {EXPONENT_BUDGET:g})")
        if grown > EXPONENT_BUDGET:
            failed.append(f"closing a month grows as points^{grown:.2f}, budget {EXPONENT_BUDGET:g}")
    return failed

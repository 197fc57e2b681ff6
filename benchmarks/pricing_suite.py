"""The pricing section of the bench: growing numbers of contracts, the growth's budget, the peer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import postgres_peer as postgres
from benchmarks.pricing import COMPONENTS, EXPONENT_BUDGET, Pricing, exponent, measure_pricing
from orchestration.settings import Settings

SIZES: Final = (1_000, 10_000, 50_000)
NOTE: Final = (
    f"One month under {len(COMPONENTS)} packages in one pass, by dbt's execution time of all pricing models: "
    "every line with its inputs, quantities, prices and what is missing, and the totals. The peer is one "
    "DuckDB query written by hand for exactly these packages: totals only, equal to the fen. Its ratio has "
    "no budget."
)


def run_pricing(console: Console, settings: Settings, points: int) -> tuple[dict[str, object], list[str]]:
    """Measure and print; what was measured, and the budgets that failed in words."""
    sizes = [size for size in SIZES if size <= max(points, 1_000)] if points < SIZES[1] else list(SIZES)
    found = []
    for size in sizes:
        with postgres.scratch(settings) as warehouse, TemporaryDirectory(prefix="bench-") as folder:
            found.append(measure_pricing(warehouse, size, Path(folder), turns=3 if size < SIZES[2] else 1))
    failed = print_pricing(console, found)
    measured: dict[str, object] = {
        "note": NOTE,
        "sizes": [asdict(one) | {"ratio": one.ratio} for one in found],
        "exponent": exponent(found) if len(found) > 1 else None,
        "budget": EXPONENT_BUDGET,
    }
    return measured, failed


def print_pricing(console: Console, found: Sequence[Pricing]) -> list[str]:
    """One line per size; the growth's budget if it failed."""
    table = Table(title="pricing one month of contracts under mixed packages", title_justify="left")
    for heading in (
        "contracts",
        "all models",
        "dearest model",
        "its part",
        "duckdb by hand",
        "ratio",
        "µs a contract",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found:
        table.add_row(
            f"{one.contracts:,}",
            f"{one.seconds:.2f} s",
            one.dearest,
            f"{one.dearest_seconds:.2f} s",
            f"{one.peer:.3f} s",
            f"{one.ratio:.1f}",
            f"{one.seconds / one.contracts * 1e6:.0f}",
        )
    console.print(table)
    console.print(NOTE, style="dim")
    if len(found) < 2:
        return []
    grown = exponent(found)
    console.print(f"seconds grow as contracts^{grown:.2f} (budget <= {EXPONENT_BUDGET:g})")
    return (
        [f"pricing grows as contracts^{grown:.2f}, budget {EXPONENT_BUDGET:g}"]
        if grown > EXPONENT_BUDGET
        else []
    )

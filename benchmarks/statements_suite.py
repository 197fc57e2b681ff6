"""The statements section of the bench: two sizes, statements a second, growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import postgres_peer as postgres
from benchmarks.statements import BUDGET, EXPONENT_BUDGET, Issued, exponent, measure_statements
from orchestration.settings import Settings

SIZES: Final = (1_000, 10_000)
PDFS: Final = 500
NOTE: Final = (
    "From the first query to the last file, by two processes: a workbook a customer (12 lines a contract, "
    "subtotals as formulas) and the tables of all as CSV. The budget is on the clock; cpu is the processor's "
    "time of one statement. PDF is measured on some and has no budget."
)


def run_statements(console: Console, settings: Settings) -> tuple[dict[str, object], list[str]]:
    """Measure and print; what was measured, and the budgets that failed in words."""
    found = []
    for size in SIZES:
        with postgres.scratch(settings) as warehouse, TemporaryDirectory(prefix="bench-") as folder:
            found.append(measure_statements(warehouse.admin, size, Path(folder), PDFS))
    failed = print_statements(console, found)
    measured: dict[str, object] = {
        "note": NOTE,
        "sizes": [asdict(one) | {"per_second": one.per_second} for one in found],
        "exponent": exponent(found),
        "budgets": {"per_second": BUDGET, "exponent": EXPONENT_BUDGET},
    }
    return measured, failed


def print_statements(console: Console, found: Sequence[Issued]) -> list[str]:
    """One line per size; the budgets that failed."""
    table = Table(title="retail statements of one month", title_justify="left")
    for heading in ("customers", "lines", "xlsx", "csv", "a second", "budget", "cpu", "pdf a second"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found:
        table.add_row(
            f"{one.customers:,}",
            f"{one.lines:,}",
            f"{one.xlsx:.1f} s",
            f"{one.csv:.2f} s",
            f"{one.per_second:.0f}",
            f">= {BUDGET:g}",
            f"{one.cpu / one.customers * 1e3:.1f} ms",
            "" if one.pdf is None else f"{one.pdf:.0f}",
        )
    console.print(table)
    console.print(NOTE, style="dim")
    failed = [
        f"{one.customers:,} statements: {one.per_second:.0f} a second, budget {BUDGET:g}"
        for one in found
        if one.per_second < BUDGET
    ]
    grown = exponent(found)
    console.print(f"seconds grow as customers^{grown:.2f} (budget <= {EXPONENT_BUDGET:g})")
    if grown > EXPONENT_BUDGET:
        failed.append(f"statements grow as customers^{grown:.2f}, budget {EXPONENT_BUDGET:g}")
    return failed

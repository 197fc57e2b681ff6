"""The printed table of ratios, and the same as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import log
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.suite import NOTE, OURS, Measure


@dataclass(frozen=True)
class SizeResult:
    """The measures of one size."""

    points: int
    days: int
    measures: Sequence[Measure]

    @property
    def failed(self) -> list[str]:
        """The budgets that this size broke, in words."""
        return [
            f"{self.points:,} points x {self.days} days, {measure.name}: {measure.ratio(peer):.2f} x {peer}, "
            f"budget {measure.budgets[peer]:g}"
            for measure in self.measures
            for peer in measure.peers
            if measure.passes(peer) is False
        ]


def growth(results: Sequence[SizeResult], name: str) -> float | None:
    """b of our seconds = a · points^b for a measure, from the two largest sizes; None with one size only."""
    if len(results) < 2:
        return None
    ours = sorted(
        (result.points, measure.ours)
        for result in results
        for measure in result.measures
        if measure.name == name
    )
    (few, quick), (many, slow) = ours[-2:]
    return log(slow / quick) / log(many / few)


def machine(server: dict[str, str]) -> dict[str, str]:
    """What the numbers were measured on."""
    return {
        "cpus": str(os.cpu_count()),
        "machine": platform.machine(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("duckdb", "polars", "pyarrow")},
        **{f"postgres {name}": value for name, value in server.items()},
    }


def _number(value: float, unit: str) -> str:
    return f"{value:,.3f} {unit}" if unit == "s" else f"{value:,.1f} {unit}"


def print_conditions(console: Console, conditions: dict[str, str]) -> None:
    """What the ratios mean and where they were measured."""
    console.print(NOTE, style="dim")
    console.print(", ".join(f"{name} {value}" for name, value in conditions.items()), style="dim")


def print_size(console: Console, result: SizeResult) -> None:
    """One table: each measure, each peer, ours ÷ theirs, budget, verdict."""
    table = Table(title=f"{result.points:,} metering points x {result.days} days", title_justify="left")
    for heading in ("measure", OURS, "peer", "its value"):
        table.add_column(heading, justify="right" if heading in (OURS, "its value") else "left", no_wrap=True)
    for heading in ("ratio", "budget", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for measure in result.measures:
        first = True
        for peer, value in measure.peers.items():
            verdict = {True: "[green]pass", False: "[red]FAIL", None: ""}[measure.passes(peer)]
            limit = measure.budgets.get(peer)
            table.add_row(
                measure.name if first else "",
                _number(measure.ours, measure.unit) if first else "",
                peer,
                _number(value, measure.unit),
                f"{measure.ratio(peer):.2f}",
                "" if limit is None else f"<= {limit:g}",
                verdict,
            )
            first = False
        table.add_section()
    console.print(table)


def write_json(
    path: Path,
    results: Sequence[SizeResult],
    conditions: dict[str, str],
    sections: Mapping[str, object],
) -> None:
    """Everything printed, for comparing runs; ``sections`` beside the sizes, by name."""
    content = {
        "note": NOTE,
        "conditions": conditions,
        **sections,
        "sizes": [
            {
                "points": result.points,
                "days": result.days,
                "measures": [
                    {
                        "name": measure.name,
                        "unit": measure.unit,
                        "ours": round(measure.ours, 6),
                        "peers": {
                            peer: {
                                "value": round(value, 6),
                                "ratio": round(measure.ratio(peer), 4),
                                "budget": measure.budgets.get(peer),
                                "passes": measure.passes(peer),
                            }
                            for peer, value in measure.peers.items()
                        },
                    }
                    for measure in result.measures
                ],
            }
            for result in results
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

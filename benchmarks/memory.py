"""Peak memory of landing one large file: a child process lands it, and the kernel says what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks.curves import Curves

BUDGET_BYTES: Final = 1_000_000_000
"""Peak memory of the process that lands a delivery of 1 GB or more (issue 3)."""

_URL: Final = "WATTLEDGER_BENCH_URL"
_CHILD: Final = f"""
import json, os, sys, time
from pathlib import Path
import sqlalchemy as sa
from ingestion.intake import ingest_paths
from orchestration.collector import collect_rarely
collect_rarely()  # as the product's own command does
start = time.perf_counter()
(report,) = ingest_paths(sa.create_engine(os.environ["{_URL}"]), [Path(sys.argv[1])])
# of this program; ru_maxrss would begin with the size of the process that started it
(peak,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(json.dumps({{
    "status": report.status, "landed": report.rows_landed, "quarantined": report.rows_quarantined,
    "omitted": report.refusals_omitted, "seconds": time.perf_counter() - start,
    "peak": int(peak) * 1024,
}}))
"""


@dataclass(frozen=True)
class LandingMemory:
    """What became of a file, and the peak resident memory of the process that landed it."""

    file_bytes: int
    status: str
    landed: int
    quarantined: int
    omitted: int
    seconds: float
    peak: int

    @property
    def passes(self) -> bool:
        """Whether the peak keeps its budget."""
        return self.peak < BUDGET_BYTES


def write_large(path: Path, curves: Curves, size: int) -> int:
    """Write the first day of ``curves`` under one date after the other up to ``size`` bytes; its rows."""
    curves.write_csv(path)
    header, _, body = path.read_bytes().partition(b"\n")
    first = f",{curves.first_on},".encode()
    written = days = 0
    with path.open("wb") as file:
        written += file.write(header + b"\n")
        while written < size:
            on = curves.first_on + timedelta(days=days)
            written += file.write(body.replace(first, f",{on},".encode()))
            days += 1
    return days * len(curves.points)


def land_in_child(engine: sa.Engine, path: Path) -> LandingMemory:
    """Land ``path`` through the door in a process of its own; CalledProcessError when that fails."""
    environment = os.environ | {_URL: engine.url.render_as_string(hide_password=False)}
    command = [sys.executable, "-c", _CHILD, str(path)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return LandingMemory(path.stat().st_size, **json.loads(done.stdout))

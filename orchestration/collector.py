"""Python's cyclic garbage collector, for processes that load much and keep it.

Imports, dbt's manifest and Dagster's definitions are millions of objects that live as long as the process.
With Python's own thresholds the collector walks all of them again and again while they are made, and now and
then afterwards: a quarter of what a short dbt command takes. Reference counting frees all else at once.
"""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """Look for cycles among the young every 50,000 objects, among all every 10 million; process-wide."""
    gc.set_threshold(50_000, 20, 10)

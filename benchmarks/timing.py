"""Fair timing: peers take turns, everything is warm, and the median counts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

Action = Callable[[int], object]
"""Something to time; it is told the number of its turn, from 0."""


def alternate(actions: Mapping[str, Action], turns: int) -> dict[str, float]:
    """Median seconds of each action; a slow spell of the machine falls on all of them alike."""
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for turn in range(turns):
        for name, action in actions.items():
            start = time.perf_counter()
            action(turn)
            seconds[name].append(time.perf_counter() - start)
    return {name: median(values) for name, values in seconds.items()}

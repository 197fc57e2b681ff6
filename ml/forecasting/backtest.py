"""Rolling origins: every past day is forecast again with exactly what its own gate knew.

A model is refitted every 7 days; between refits it predicts with the newest knowledge of each gate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from ml.asof import CurveHistory
from ml.forecasting import conformal
from ml.forecasting.conformal import Bands, Origin
from ml.forecasting.protocol import Forecaster, ForecastInputError

SCORED_DAYS: Final = 28
#: rolling origins before the scored ones, so that the first scored day already has calibrated bands
WARM_UP_DAYS: Final = 28
REFIT_EVERY_DAYS: Final = 7
#: Stan runs as a subprocess; half of a fit is Python that writes Stan's input, so threads help only partly,
#: but they need no second import of Prophet and no guarded main module as a process pool would
WORKERS: Final = 2


@dataclass(frozen=True)
class Gates:
    """The gate of every delivery day: as far before it as the run's gate is before its own day."""

    delivery_on: date
    gate_at: datetime

    def of(self, day: date) -> datetime:
        """Gate of another delivery day."""
        return self.gate_at - (self.delivery_on - day)


@dataclass(frozen=True)
class Task:
    """One fit and the days predicted from it."""

    forecaster: Forecaster
    series: str
    days: tuple[date, ...]


def tasks(forecaster: Forecaster, series: str, days: Sequence[date]) -> list[Task]:
    """Split days into weeks counted back from the last, one fit each."""
    weeks: list[Task] = []
    end = len(days)
    while end > 0:
        first = max(0, end - REFIT_EVERY_DAYS)
        weeks.insert(0, Task(forecaster, series, tuple(days[first:end])))
        end = first
    return weeks


def run_task(history: CurveHistory, gates: Gates, task: Task) -> list[Origin]:
    """Fit at the first day's gate, predict each day at its own; days that cannot be forecast are left out."""
    origins: list[Origin] = []
    try:
        fitted = task.forecaster.fit(history.as_of(gates.of(task.days[0])), task.series)
    except ForecastInputError:
        return origins
    for day in task.days:
        try:
            origins.append(Origin(day, fitted.predict(history.as_of(gates.of(day)), day)))
        except ForecastInputError:
            continue
    return origins


def rolling_origins(
    history: CurveHistory, gates: Gates, jobs: Sequence[Task], on_done: Callable[[int], None] | None = None
) -> list[list[Origin]]:
    """Run the tasks on two threads; results in the order of ``jobs`` whatever finishes first."""
    found: list[list[Origin]] = []
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        for count, origins in enumerate(pool.map(lambda job: run_task(history, gates, job), jobs), start=1):
            found.append(origins)
            if on_done is not None:
                on_done(count)
    return found


def banded(
    history: CurveHistory, gates: Gates, series: str, origins: Sequence[Origin], relative: bool,
    days: Sequence[date],
) -> dict[date, Bands]:  # fmt: skip
    """Quantile curves of ``days`` (those with an origin), each calibrated on residuals its own gate knew."""
    result: dict[date, Bands] = {}
    wanted = set(days)
    for origin in origins:
        if origin.delivery_on not in wanted:
            continue
        known = history.as_of(gates.of(origin.delivery_on))
        earlier = [one for one in origins if one.delivery_on < origin.delivery_on]
        _, errors = conformal.residuals(known, series, earlier, relative)
        result[origin.delivery_on] = conformal.bands(origin.point, errors, relative, non_negative=relative)
    return result

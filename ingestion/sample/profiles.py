"""Real 15-minute shapes on the sample's calendar: DST repaired, re-dated by 522 weeks.

SimBench stamps quarter hours of 2016 by their START in German local time. Two days need repair:
* 2016-03-27 has no 02:00–02:45: the four slots are put on the straight line between 01:45 and 03:00;
* 2016-10-30 has 02:00–02:45 twice: the two passes are averaged.
Then every day has 96 slots. 522 weeks (3,654 days) later is 2026-01-02 … 2026-12-31 with every weekday kept
(2016 is a leap year: its last two days fall into 2027 and are dropped). 2026-01-01 has no measurement: it
takes the real New Year's Day 2016-01-01 and is marked as an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingestion.sample.config import DAYS, FIRST_ON, SLOTS
from ingestion.sample.fetch import raw_profiles

Ints = npt.NDArray[np.int64]

REDATE = timedelta(weeks=522)
ESTIMATED_ON = date(2026, 1, 1)
_STAMP = "%d.%m.%Y %H:%M"


@dataclass(frozen=True)
class Profiles:
    """Shapes by name: int64 [365 days, 96 slots] in micro per unit, day 0 = 2026-01-01."""

    shapes: dict[str, Ints]

    def blend(self, parts: dict[str, int]) -> Ints:
        """Mix shapes by whole-number weights after bringing each to the same mean; micro units of that mean
        × Σ weights.
        """
        mixed = np.zeros((DAYS, SLOTS), dtype=np.int64)
        for name, weight in parts.items():
            shape = self.shapes[name]
            mixed += weight * ((shape * 1_000_000 * shape.size) // int(shape.sum()))
        return np.maximum(mixed, 0)


def repair_dst(stamps: pd.Series, values: Ints) -> tuple[list[date], Ints]:
    """Bring one local-time series to exactly 96 slots a day.

    `stamps` are interval starts as text (dd.mm.yyyy HH:MM), `values` [rows, profiles]. Returns the days and
    [days, 96, profiles]. Raises ValueError when a day is short or long for any other reason than DST.
    """
    moments = pd.to_datetime(stamps, format=_STAMP)
    minutes = (moments.dt.hour * 60 + moments.dt.minute).to_numpy()
    ordinals = (moments.dt.normalize() - pd.Timestamp("1970-01-01")).dt.days.to_numpy()
    first, slots = int(ordinals[0]), minutes // 15
    days = int(ordinals[-1]) - first + 1
    total = np.zeros((days, SLOTS, values.shape[1]), dtype=np.int64)
    count = np.zeros((days, SLOTS), dtype=np.int64)
    np.add.at(total, (ordinals - first, slots), values)
    np.add.at(count, (ordinals - first, slots), 1)
    start = date(1970, 1, 1) + timedelta(days=first)
    for day in np.unique(np.nonzero(count != 1)[0]):
        _check_is_dst(start + timedelta(days=int(day)), count[day])
    total //= np.maximum(count, 1)[:, :, None]
    for day in np.unique(np.nonzero(count == 0)[0]):
        _fill_spring(total[day])
    return [start + timedelta(days=i) for i in range(days)], total


def _check_is_dst(day: date, count: npt.NDArray[np.int64]) -> None:
    odd = np.nonzero(count != 1)[0].tolist()
    if odd != [8, 9, 10, 11] or len(set(count[8:12].tolist())) != 1 or int(count[8]) not in (0, 2):
        raise ValueError(
            f"{day}: slots {[i + 1 for i in odd]} are not there exactly once, and it is no DST change"
        )


def _fill_spring(day: Ints) -> None:
    before, after = day[7], day[12]
    for step in range(1, 5):
        day[7 + step] = (before * (5 - step) + after * step) // 5


def redate(days: list[date], values: Ints) -> Ints:
    """Move [days, 96, n] by 522 weeks onto the sample year; the estimated 1 January repeats the first real
    day.
    """
    moved = [day + REDATE for day in days]
    wanted = [FIRST_ON + timedelta(days=i) for i in range(1, DAYS)]
    if moved[: len(wanted)] != wanted:
        raise ValueError(
            f"profiles run {moved[0]} … {moved[-1]} after re-dating; expected {wanted[0]} … {wanted[-1]}"
        )
    real = values[: len(wanted)]
    return np.concatenate([real[:1], real])


def load_profiles(cache: Path) -> Profiles:
    """Read (and on first use fetch) every shape. Raises SampleFetchError, ValueError."""
    return from_raw(raw_profiles(cache))


def from_raw(raw: pd.DataFrame) -> Profiles:
    """Repair and re-date a raw frame (`time` plus one int32 column per profile)."""
    names = [name for name in raw.columns if name != "time"]
    days, values = repair_dst(raw["time"], raw[names].to_numpy(dtype=np.int64))
    moved = redate(days, values)
    return Profiles({name: np.ascontiguousarray(moved[:, :, i]) for i, name in enumerate(names)})

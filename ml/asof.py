"""What was known when: curves with their versions, cut at a gate, so that a backtest cannot leak.

``CurveHistory`` holds every version of every day curve that was known at its ``available_at``; it is
loaded once. ``as_of(gate)`` cuts it in memory: per series and day the latest version with
``known_at <= gate``. A model only ever receives the cut, a ``KnownCurves``, which raises
``KnowledgeError`` when asked for a later gate. (The idea of ``available_at`` is OpenSTEF's.)
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.tables import SLOTS

Curve = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

LOAD: Final = "load"
RT_PRICE: Final = "rt_unified"
DA_PRICE: Final = "da_unified"
SYSTEM_LOAD_FORECAST: Final = "load_forecast"
SYSTEM_RENEWABLE_FORECAST: Final = "renewable_forecast"
MLT_POSITION: Final = "mlt"


def has_nan(curves: Curve, axis: tuple[int, ...]) -> Mask:
    """Where any value along ``axis`` is missing."""
    return np.asarray(np.isnan(curves).any(axis=axis), dtype=np.bool_)


class KnowledgeError(RuntimeError):
    """Something was asked for that was not known at the gate."""


@dataclass(frozen=True, slots=True)
class CurveVersion:
    """One day curve as known from ``known_at`` on.

    ``values``: float64 (96,), NaN where missing; Wh, 0.001 yuan/MWh or 0.001 MW by series.
    ``complete`` is false when points that belong to the sum were missing (the portfolio's load).
    ``amount_cny``: the day's fixed cost, for the medium/long-term position only.
    """

    known_at: datetime
    values: Curve
    complete: bool = True
    amount_cny: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a naive instant or a curve of another length, and freeze the values."""
        if self.known_at.tzinfo is None:
            raise ValueError(f"known_at {self.known_at!r} has no time zone; give one")
        if self.values.shape != (SLOTS,):
            raise ValueError(f"a day curve has shape (96,), this one has {self.values.shape}")
        self.values.setflags(write=False)


Versions = Mapping[str, Mapping[date, Sequence[CurveVersion]]]


class KnownCurves:
    """The curves known at ``available_at``: one version per series and day, nothing later."""

    def __init__(self, available_at: datetime, curves: Mapping[str, Mapping[date, CurveVersion]]) -> None:
        """Hold the cut; raise KnowledgeError when a version is later than ``available_at``."""
        for series, days in curves.items():
            for day, version in days.items():
                if version.known_at > available_at:
                    raise KnowledgeError(
                        f"{series} of {day} became known at {version.known_at}, after the gate {available_at}"
                    )
        self._available_at = available_at
        self._curves = curves

    @property
    def available_at(self) -> datetime:
        """The gate: nothing in here became known later."""
        return self._available_at

    def require(self, gate_at: datetime) -> None:
        """Raise KnowledgeError unless this cut may be used at ``gate_at`` (it is not later)."""
        if self._available_at > gate_at:
            raise KnowledgeError(
                f"a cut at {self._available_at} must not be used at the earlier gate {gate_at}"
            )

    def days(self, series: str) -> list[date]:
        """Delivery days of a series with a known version, ascending."""
        return sorted(self._curves.get(series, {}))

    def version(self, series: str, day: date) -> CurveVersion:
        """The version of that day known at the gate; raises KnowledgeError when there is none."""
        found = self._curves.get(series, {}).get(day)
        if found is None:
            raise KnowledgeError(f"{series} of {day} was not known at the gate {self._available_at}")
        return found

    def usable(self, series: str, day: date) -> Curve:
        """The curve (96,) of that day; all NaN when unknown or when points of the sum were missing."""
        found = self._curves.get(series, {}).get(day)
        if found is None or not found.complete:
            return np.full(SLOTS, np.nan)
        return found.values

    def block(self, series: str, days: Sequence[date]) -> Curve:
        """Curves (len(days), 96), NaN where unknown, missing or incomplete."""
        if not days:
            return np.empty((0, SLOTS))
        return np.vstack([self.usable(series, day) for day in days])


class CurveHistory:
    """Every version known at ``available_at``, ready to be cut at any earlier gate."""

    def __init__(self, available_at: datetime, versions: Versions) -> None:
        """Sort the versions; raise KnowledgeError when one is later than ``available_at``."""
        self.available_at = available_at
        self._cuts: dict[datetime, KnownCurves] = {}
        self._versions: dict[str, dict[date, list[CurveVersion]]] = {
            series: {day: sorted(found, key=lambda v: v.known_at) for day, found in sorted(days.items())}
            for series, days in sorted(versions.items())
        }
        for series, day, version in self:
            if version.known_at > available_at:
                raise KnowledgeError(
                    f"{series} of {day} became known at {version.known_at}, after {available_at}"
                )

    def __iter__(self) -> Iterator[tuple[str, date, CurveVersion]]:
        """Every version as (series, day, version), in a fixed order."""
        for series, days in self._versions.items():
            for day, found in days.items():
                for version in found:
                    yield series, day, version

    def as_of(self, gate_at: datetime) -> KnownCurves:
        """Cut at ``gate_at`` (kept for the next caller); raises KnowledgeError when later than known."""
        if gate_at > self.available_at:
            raise KnowledgeError(
                f"the history was read as known at {self.available_at}; it cannot answer for {gate_at}"
            )
        found = self._cuts.get(gate_at)
        if found is None:
            curves = {series: dict(_cut(days.items(), gate_at)) for series, days in self._versions.items()}
            found = self._cuts[gate_at] = KnownCurves(gate_at, curves)
        return found

    def digest(self) -> str:
        """SHA-256 (hex) over every version: same knowledge, same digest."""
        sha = hashlib.sha256()
        for series, day, version in self:
            head = f"{series}|{day}|{version.known_at.timestamp()}|{version.complete}|{version.amount_cny}|"
            sha.update(head.encode())
            sha.update(version.values.tobytes())
        return sha.hexdigest()


def _cut(
    days: Iterable[tuple[date, list[CurveVersion]]], gate_at: datetime
) -> Iterator[tuple[date, CurveVersion]]:
    for day, found in days:
        count = bisect_right(found, gate_at, key=lambda v: v.known_at)
        if count:
            yield day, found[count - 1]

"""Meter days in any number, tiled from the real profiles, for benchmarks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from ingestion.sample.config import DAYS, FIRST_ON, SLOTS, slot_names
from ingestion.sample.points import IMPORT
from ingestion.sample.profiles import Profiles, load_profiles

BUSINESS_SHAPES = (
    "BL-H", "WB-H", "G0-A", "G0-M", "G1-A", "G1-B", "G1-C", "G2-A", "G3-A", "G3-H", "G3-M",
    "G4-A", "G4-B", "G4-H", "G4-M", "G5-A", "G6-A", "H0-H", "L0-A", "L1-A", "L2-A", "L2-M",
)  # fmt: skip
_WHOLE_WEEKS = DAYS // 7 * 7
_PEAK_KW = 80, 4000
_STRIDE = 7919
"""A prime: neighbouring points get unlike sizes."""


def tile_meter_days(points: int, first_on: date, days: int, cache: Path) -> pd.DataFrame:
    """Tile real business profiles to `points` metering points × `days` days from `first_on`.

    Returns points × days rows, ordered by day, then point: metering_point_id (text), channel, delivery_on
    (date), p01 … p96 (int32 Wh). The same arguments give the same frame. Weekdays keep their shape (days
    wrap by whole weeks).
    """
    if points < 1 or days < 1:
        raise ValueError(f"points and days must be at least 1; got points={points}, days={days}")
    return tile(load_profiles(cache), points, first_on, days)


def tile(profiles: Profiles, points: int, first_on: date, days: int) -> pd.DataFrame:
    """Do `tile_meter_days` from profiles at hand."""
    low, high = _PEAK_KW
    number = np.arange(points, dtype=np.int64)
    peak_kw = low + (number * _STRIDE) % (high - low + 1)
    shape_of = number % len(BUSINESS_SHAPES)
    shapes = np.stack([profiles.shapes[name] for name in BUSINESS_SHAPES])
    ids = np.array([f"T{n:07d}" for n in range(1, points + 1)], dtype=object)
    wh = np.empty((days, points, SLOTS), dtype=np.int32)
    offset = (first_on - FIRST_ON).days
    for day in range(days):
        wh[day] = shapes[shape_of, (offset + day) % _WHOLE_WEEKS] * peak_kw[:, None] // 4000
    frame = pd.DataFrame(wh.reshape(days * points, SLOTS), columns=slot_names(), copy=False)
    dates = np.array([first_on + timedelta(days=d) for d in range(days)], dtype=object)
    frame.insert(0, "delivery_on", np.repeat(dates, points))
    frame.insert(0, "channel", IMPORT)
    frame.insert(0, "metering_point_id", np.tile(ids, days))
    return frame

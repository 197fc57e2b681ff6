"""The data of a bench: meter days tiled from the real profiles, as each engine takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ingestion.sample.scale import tile_meter_days

CHANNEL = "active_import"
SLOT_COLUMNS = tuple(f"p{slot:02d}" for slot in range(1, 97))


@dataclass(frozen=True)
class Curves:
    """Energy of every day and point: ``wh`` is int32 Wh of shape (days, points, 96), no slot missing."""

    points: tuple[str, ...]
    first_on: date
    wh: npt.NDArray[np.int32]

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, days: int) -> Curves:
        """Take the frame of ``tile_meter_days``: rows by day, then point."""
        points = tuple(frame["metering_point_id"].iloc[: len(frame) // days])
        wh = frame[list(SLOT_COLUMNS)].to_numpy(dtype=np.int32).reshape(days, len(points), 96)
        return cls(points, frame["delivery_on"].iloc[0], wh)

    @property
    def days(self) -> list[date]:
        """The delivery dates, in order."""
        return [self.first_on + timedelta(days=n) for n in range(len(self.wh))]

    @property
    def rows(self) -> int:
        """Metering point days."""
        return len(self.days) * len(self.points)

    def day(self, index: int, on: date | None = None) -> Curves:
        """One day of these curves alone, dated ``on`` if that is given."""
        return Curves(self.points, on or self.days[index], self.wh[index : index + 1])

    def wide(self) -> pa.Table:
        """Key and 96 slots, one row per day and point, named as in ``landing.meter_day``."""
        slots = self.wh.reshape(self.rows, 96)
        columns: dict[str, pa.Array] = {
            "metering_point_id": pa.array(list(self.points) * len(self.days)),
            "channel": pa.array([CHANNEL] * self.rows),
            "delivery_on": pa.array([day for day in self.days for _ in self.points], pa.date32()),
        }
        columns |= {name: pa.array(slots[:, n]) for n, name in enumerate(SLOT_COLUMNS)}
        return pa.table(columns)

    def write_csv(self, path: Path) -> None:
        """Write the first day as a grid company delivers it: one row per point, kWh with 3 decimals."""
        frame = pd.DataFrame(self.wh[0] / 1000, columns=list(SLOT_COLUMNS))
        frame.insert(0, "delivery_on", self.first_on.isoformat())
        frame.insert(0, "channel", CHANNEL)
        frame.insert(0, "metering_point_id", list(self.points))
        frame.to_csv(path, index=False, float_format="%.3f")


def real_curves(points: int, first_on: date, days: int, cache: Path) -> Curves:
    """Tile the sample's real load profiles; they are fetched once into ``cache``."""
    return Curves.from_frame(tile_meter_days(points, first_on, days, cache), days)

"""Tiled meter days for benchmarks."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from ingestion.sample.profiles import Profiles
from ingestion.sample.scale import tile


def test_tile__shape_types_and_keys(profiles: Profiles) -> None:
    frame = tile(profiles, 50, date(2026, 9, 1), 3)
    assert frame.shape == (150, 99)
    assert list(frame.columns[:4]) == ["metering_point_id", "channel", "delivery_on", "p01"]
    assert frame.columns[-1] == "p96"
    assert set(frame.dtypes.iloc[3:].astype(str)) == {"int32"}
    assert not frame.duplicated(["metering_point_id", "delivery_on"]).any()
    assert frame["delivery_on"].iloc[[0, -1]].tolist() == [date(2026, 9, 1), date(2026, 9, 3)]
    assert int(frame.iloc[:, 3:].to_numpy().min()) >= 0


def test_tile__is_the_same_every_time_and_points_differ(profiles: Profiles) -> None:
    frame = tile(profiles, 30, date(2026, 9, 1), 2)
    pd.testing.assert_frame_equal(frame, tile(profiles, 30, date(2026, 9, 1), 2))
    assert not frame.iloc[:, 3:].duplicated().any()


def test_tile__days_outside_the_year_keep_their_weekday(profiles: Profiles) -> None:
    inside = tile(profiles, 5, date(2026, 1, 5), 1).iloc[:, 3:]
    outside = tile(profiles, 5, date(2027, 1, 4), 1).iloc[:, 3:]  # 52 weeks later
    pd.testing.assert_frame_equal(inside, outside)


def test_tile__refuses_nothing(profiles: Profiles) -> None:
    from ingestion.sample.scale import tile_meter_days

    with pytest.raises(ValueError, match="points=0"):
        tile_meter_days(0, date(2026, 9, 1), 3, cache=None)  # type: ignore[arg-type]

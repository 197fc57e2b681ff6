"""The sample from the real wheel (fetched through the cached door)."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from ingestion.sample import build_sample
from ingestion.sample.config import month_days
from ingestion.sample.deliveries import build_world, portfolio_wh
from ingestion.sample.profiles import load_profiles

pytestmark = pytest.mark.integration


def test_build_sample__two_folders_from_the_real_profiles_are_equal(
    tmp_path: Path, profile_cache: Path
) -> None:
    load_profiles(profile_cache)
    first = build_sample(tmp_path / "a", cache=profile_cache)
    second = build_sample(tmp_path / "b", cache=profile_cache)
    assert first.digest == second.digest
    assert {p.name: p.read_bytes() for p in first.folder.iterdir()} == {
        p.name: p.read_bytes() for p in second.folder.iterdir()
    }
    began = time.perf_counter()
    assert not build_sample(tmp_path / "a", cache=profile_cache).rebuilt
    assert time.perf_counter() - began < 0.3


def test_world__levels_are_plausible(profile_cache: Path) -> None:
    world = build_world(load_profiles(profile_cache))
    energy_gwh = portfolio_wh(world.points, with_second_site=False).sum() / 1e9
    assert 400 <= energy_gwh <= 500
    for curve in (world.prices.day_ahead, world.prices.real_time):
        assert -100_000 <= int(curve.min()) < 0 < int(curve.max()) <= 1_300_000
        for month in (9, 10):
            days = month_days(month)
            assert 350_000 <= float(curve[days.start : days.stop].mean()) <= 420_000
    noon, evening = world.prices.real_time[:, 44:56], world.prices.real_time[:, 68:80]
    assert float(noon.mean()) < 0.75 * float(evening.mean())
    assert 50_000_000 <= int(world.system.load.min()) <= int(world.system.load.max()) <= 90_000_000
    assert float(np.abs(world.system.load_forecast / world.system.load - 1).mean()) < 0.02

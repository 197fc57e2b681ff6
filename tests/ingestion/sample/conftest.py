"""Synthetic shapes: the whole sample can be built from them offline, in memory."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from ingestion.sample.config import DAYS, SLOTS
from ingestion.sample.deliveries import World, build_deliveries, build_world
from ingestion.sample.fetch import LOAD_PROFILES, PV_PROFILES, WIND_PROFILES
from ingestion.sample.profiles import Ints, Profiles
from ingestion.sample.writer import Delivery


def _wave(number: int) -> Ints:
    """A shape between 0.2 and 0.9 per unit with a day, a week and a year in it; unlike its neighbours."""
    day, slot = np.meshgrid(np.arange(DAYS), np.arange(SLOTS), indexing="ij")
    bump = np.minimum(slot, SLOTS - slot) * (4000 + 300 * (number % 5))
    shape: Ints = 200_000 + bump + 20_000 * ((day + number) % 7) + 300 * np.minimum(day, DAYS - day)
    return shape.astype(np.int64)


def _sun(number: int) -> Ints:
    day, slot = np.meshgrid(np.arange(DAYS), np.arange(SLOTS), indexing="ij")
    noon: Ints = np.maximum(0, 24 - np.abs(slot - 48)) * (15_000 + 1_500 * ((day * 5 + number) % 9))
    return noon


def synthetic_profiles() -> Profiles:
    """Every shape that the sample names, made here."""
    shapes = {name: _wave(i) for i, name in enumerate((*LOAD_PROFILES, *WIND_PROFILES))}
    return Profiles(shapes | {name: _sun(i) for i, name in enumerate(PV_PROFILES)})


@pytest.fixture(scope="session")
def profiles() -> Profiles:
    return synthetic_profiles()


@pytest.fixture(scope="session")
def world(profiles: Profiles) -> World:
    return build_world(profiles)


@pytest.fixture(scope="session")
def deliveries(world: World) -> list[Delivery]:
    return build_deliveries(world)


@pytest.fixture(scope="session")
def profile_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the real wheel's profiles are kept: WATTLEDGER_SAMPLE_CACHE, else a folder of this session."""
    named = os.environ.get("WATTLEDGER_SAMPLE_CACHE")
    return Path(named) if named else tmp_path_factory.mktemp("sample-cache")

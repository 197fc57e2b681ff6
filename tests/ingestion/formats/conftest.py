"""Profiles and files of the format tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingestion.formats.profile import SourceProfile

# beside the checkout, or beside the folder of worktrees that it is in
SHARED = next(
    (found for parent in Path(__file__).parents[4:6] if (found := parent / "shared" / "data").is_dir()),
    Path(__file__).parents[4] / "shared" / "data",
)
MakeProfile = Callable[..., SourceProfile]


def shared_file(name: str) -> Path:
    """Path of a shared data file; skips the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data {path} is absent")
    return path


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A plain CSV file."""
    return ("\n".join(",".join(map(str, row)) for row in [header, *rows]) + "\n").encode()


@pytest.fixture
def wide_profile() -> MakeProfile:
    """Build a wide profile: day, then values from column v01 on."""

    def build(**changes: Any) -> SourceProfile:  # noqa: ANN401
        plain = {
            "profile": "grid",
            "layout": "wide",
            "points": 96,
            "values": "energy",
            "unit": "kWh",
            "time": {"column": "day"},
            "metering_point": {"column": "point"},
            "first_column": "v01",
        }
        return SourceProfile.model_validate(plain | changes)

    return build


@pytest.fixture
def long_profile() -> MakeProfile:
    """Build a long profile: stamp, value; end-labelled, midnight is the next day's 00:00."""

    def build(**changes: Any) -> SourceProfile:  # noqa: ANN401
        plain = {
            "profile": "ems",
            "layout": "long",
            "points": 96,
            "values": "energy",
            "unit": "kWh",
            "label": "end",
            "time": {"column": "stamp", "midnight": "next_day"},
            "metering_point": {"constant": "MP1"},
            "columns": [{"column": "value"}],
        }
        return SourceProfile.model_validate(plain | changes)

    return build

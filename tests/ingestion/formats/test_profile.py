"""Profiles: what is inconsistent is refused by name before any file is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ingestion.formats.profile import SourceProfile, load_profile
from ingestion.report import FileRefused

MakeProfile = Callable[..., SourceProfile]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"unit": "kW"}, "energy needs one of"),
        ({"values": "power"}, "power needs one of"),
        ({"first_column": None}, "first_column"),
        ({"columns": [{"column": "x"}]}, "belong to layout long"),
        ({"values": "cumulative_register"}, "reading at 00:00"),
        ({"extra_column": "start_reading"}, "belongs to cumulative_register"),
        ({"values": "power", "unit": "kW", "points": 97, "extra_column": "total_last"}, "energy only"),
        ({"multiplier": 2, "ct_ratio": 3}, "either multiplier"),
        ({"metering_point": {"column": "a", "constant": "b"}}, "exactly one"),
        ({"decimals": 6, "multiplier": "0.001", "unit": "Wh"}, "finer"),
        ({"surprise": 1}, "Extra inputs"),
        ({"points": 95}, "points"),
    ],
)
def test_profile__wide_contradictions(
    wide_profile: MakeProfile, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        wide_profile(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"points": 97}, "belong to layout wide"),
        ({"columns": []}, "either columns, or metering_point"),
        ({"columns": [{"column": "a"}, {"column": "b"}]}, "same metering point and channel"),
        ({"columns": [{"column": "a"}, {"column": " A "}]}, "stands twice"),
        (
            {"columns": [{"column": "a"}, {"column": "b", "metering_point": "MP1"}]},
            "same metering point and channel",
        ),
        (
            {"metering_point": {"column": "p"}, "columns": [{"column": "a", "metering_point": "X"}]},
            "not from both",
        ),
        ({"time": {"column": "t", "format": "YYYY"}}, "format is"),
        ({"time": {"column": "t", "format": "%Y %z"}}, "local time"),
    ],
)
def test_profile__long_contradictions(
    long_profile: MakeProfile, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        long_profile(**changes)


def test_profile__the_fingerprint_follows_the_meaning_only(long_profile: MakeProfile) -> None:
    assert long_profile().digest() == long_profile(files=["other.csv"]).digest()
    assert long_profile().digest() != long_profile(label="begin").digest()


def test_load_profile__a_wrong_value_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "source_profile.yml"
    path.write_text("profile: x\nlayout: long\npoints: 95\n", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"source_profile.yml, line 3: points: Input should be 24, 48"):
        load_profile(path)


@pytest.mark.parametrize("text", ["a: [", "a: 1\na: 2\n", "", "- 1\n", "\x00"])
def test_load_profile__anything_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "source_profile.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused, match="no usable source profile"):
        load_profile(path)


def test_load_profile__24_00_needs_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "source_profile.yml"
    path.write_text(
        "profile: x\nlayout: long\npoints: 96\nvalues: energy\nunit: kWh\nmetering_point: {constant: 37}\n"
        "time: {column: t, midnight: 24:00}\ncolumns: [{column: v}]\n",
        encoding="utf-8",
    )
    profile = load_profile(path)
    assert (profile.time.midnight, profile.metering_point.constant) == ("24:00", "37")

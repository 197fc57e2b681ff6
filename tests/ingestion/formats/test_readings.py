"""Files without a profile: interval files are refused with the readings they admit, others as before."""

from __future__ import annotations

import pytest

from ingestion.formats.readings import run_length, without_profile
from ingestion.readers import read_csv
from ingestion.report import FileRefused

from .conftest import csv_bytes

PLAIN = FileRefused("UNKNOWN_FEED", "fits no feed", "name it")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["户号", "日期", *(f"P{n}" for n in range(1, 97))], ("averages of power", "energy")),
        (["户号", "日期", *(f"P{n}" for n in range(0, 97))], ("96 differences", "the total")),
        (["id", *(f"{n:02d}:00" for n in range(24))], ("averages of power", "energy")),
    ],
)
def test_without_profile__wide_files(header: list[str], words: tuple[str, str]) -> None:
    refused = without_profile(PLAIN, read_csv(csv_bytes(header, [["1"] * len(header)])))
    assert refused.code == "NEEDS_PROFILE"
    assert all(word in refused.problem for word in (*words, "Reading 1", "Reading 2"))


@pytest.mark.parametrize("rows", [[], [["1", "2"]], [["a", "b"], ["c", "d"]]])
def test_without_profile__anything_else_keeps_its_refusal(rows: list[list[str]]) -> None:
    assert without_profile(PLAIN, read_csv(csv_bytes(["x", "y"], rows))) is PLAIN


def test_run_length__stops_where_the_numbers_do() -> None:
    assert run_length(["a1", "a2", "b3"], 0) == 2
    assert run_length(["00:00", "00:15", "x"], 0) == 2
    assert run_length(["x", "y"], 0) == 1

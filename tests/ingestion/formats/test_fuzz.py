"""Mutated files: never a crash, and every delivered record is either in a meter day or refused."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.formats.delivery import transform
from ingestion.formats.profile import SourceProfile
from ingestion.report import FileRefused

from .conftest import csv_bytes
from .test_long import HEADER, _lines

_COMMON = {"profile": "x", "unit": "kWh", "values": "energy"}
LONG = _COMMON | {
    "layout": "long",
    "points": 96,
    "label": "end",
    "time": {"column": "stamp", "midnight": "next_day"},
    "metering_point": {"constant": "MP1"},
    "columns": [{"column": "value"}],
}
WIDE = _COMMON | {
    "layout": "wide",
    "points": 24,
    "time": {"column": "day"},
    "metering_point": {"column": "point"},
    "first_column": "v01",
}
HOURS = csv_bytes(
    ["point", "day", *(f"v{n:02d}" for n in range(1, 25))],
    [["MP1", f"2026-09-{day:02d}", *range(day, day + 24)] for day in range(1, 4)],
)
REGISTER = LONG | {"values": "cumulative_register", "multiplier": "1.5", "rounding": "carry"}
CASES = {
    "long": (LONG, csv_bytes(HEADER, _lines(range(40), first=80))),
    "register": (REGISTER, csv_bytes(HEADER, _lines(range(40), first=80))),
    "refuse": (LONG | {"incomplete_day": "refuse"}, csv_bytes(HEADER, _lines(range(100)))),
    "wide": (WIDE, HOURS),
    "wide register": (
        WIDE | {"extra_column": "start_reading", "values": "cumulative_register"},
        HOURS.replace(b"v24", b"v24,v25").replace(b"\nMP1", b",99\nMP1").replace(b"v25,99", b"v25"),
    ),
    "gbk": (WIDE | {"encoding": "gbk", "header_row": 2}, "标题\n".encode("gbk") + HOURS),
}
JUNK = st.sampled_from(
    [b"", b"\n", b",", b'"', b"\x00", b"\xff", b"-1", b"1e9", b"NaN", b"99999999999999999999", b"2026-09-31",
     "万".encode(), b"0.0001", b"24:00", b" 00:00", b"\r", b";"]
)  # fmt: skip
MUTATION = st.tuples(st.floats(0, 1), st.integers(0, 12), JUNK | st.binary(max_size=6))


def _check(content: bytes, file_name: str, profile: dict[str, object]) -> None:
    try:
        table = transform(content, file_name, SourceProfile.model_validate(profile))
    except FileRefused:
        return
    refused_lines = {refusal.line_no for refusal in table.refusals}
    used = {table.raw.lines[row] for row in table.rows.tolist()}
    assert len(refused_lines) == len(table.refusals)
    assert not used & refused_lines
    assert len(used) + len(refused_lines) == table.delivered
    keys = list(zip(*(table.values[name] for name in table.feed.key), strict=True))
    assert len(set(keys)) == len(keys) == len(table.lines)
    assert set(table.lines) <= used
    assert table.slots is not None
    assert ((table.slots >= 0) & (table.slots < 2**31)).all()


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=150, deadline=None)
@given(mutations=st.lists(MUTATION, min_size=1, max_size=6))
def test_transform__mutated_files_never_break_the_count(
    case: str, mutations: list[tuple[float, int, bytes]]
) -> None:
    profile, content = CASES[case]
    for where, length, junk in mutations:
        at = int(where * len(content))
        content = content[:at] + junk + content[at + length :]
    _check(content, "a.csv", dict(profile))


@settings(max_examples=40, deadline=None)
@given(
    cells=st.lists(
        st.tuples(
            st.integers(1, 6),
            st.integers(1, 28),
            st.none() | st.integers(-5, 10**12) | st.floats(allow_nan=False) | st.booleans()
            | st.datetimes().filter(lambda d: d.year > 1900) | st.sampled_from(["x", "", "#N/A"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_transform__mutated_workbooks_never_break_the_count(
    cells: list[tuple[int, int, object]],
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in HOURS.decode().splitlines():
        sheet.append(line.split(","))
    for row, column, value in cells:
        sheet.cell(row, column).value = value  # type: ignore[assignment]
    stream = io.BytesIO()
    book.save(stream)
    _check(stream.getvalue(), "a.xlsx", dict(WIDE))

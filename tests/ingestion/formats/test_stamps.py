"""Stamps: every way sources write them, and nothing that only looks like one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.feeds.columns import CellError
from ingestion.formats.stamps import parse_clock, parse_stamp

DAY = date(2026, 9, 30).toordinal()


@pytest.mark.parametrize(
    ("text", "pattern", "minute"),
    [
        ("2026-09-30", "iso", 0),
        ("2026/9/30 0:15", "iso", 15),
        ("2026-09-30 24:00", "iso", 1440),
        ("2026-09-30T23:45:00", "iso", 1425),
        ("30-09-2026 00:15", "%d-%m-%Y %H:%M", 15),
        ("30-09-2026 24:00", "%d-%m-%Y %H:%M", 1440),
        ("20260930 2400", "%Y%m%d %H%M", None),
        ("46295", "excel_serial", 0),
        ("46295.0104166667", "excel_serial", 15),
        ("46295.9895833333", "excel_serial", 1425),
        ("2026-09-30 24:15", "iso", None),
        ("2026-09-30 00:61", "iso", None),
        ("2026-02-30", "iso", None),
        ("1999-12-31", "iso", None),
        ("2026-09-30 00:15:30", "iso", None),
        ("46295.001", "excel_serial", None),
        ("nan", "excel_serial", None),
    ],
)
def test_parse_stamp__day_and_minute_or_a_reason(text: str, pattern: str, minute: int | None) -> None:
    if minute is None:
        with pytest.raises(CellError):
            parse_stamp(text, pattern)
    else:
        stamp = parse_stamp(text, pattern)
        assert (stamp.day, stamp.minute) == (DAY, minute)


@given(st.text(max_size=20), st.sampled_from(["iso", "excel_serial", "%Y-%m-%d %H:%M"]))
def test_parse_stamp__any_text_is_a_stamp_or_a_cell_error(text: str, pattern: str) -> None:
    try:
        stamp = parse_stamp(text, pattern)
    except CellError:
        return
    assert 0 <= stamp.minute <= 1440


def test_parse_clock__header_times() -> None:
    assert [parse_clock(t) for t in ("0:15", "00:15:00", "24:00", "24:15", "12:75", "p01")] == [
        15, 15, 1440, None, None, None,
    ]  # fmt: skip

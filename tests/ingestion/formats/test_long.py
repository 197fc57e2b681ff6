"""A reading a line: labels, midnights, several series, registers, days that are not whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from ingestion.formats.delivery import transform
from ingestion.formats.profile import SourceProfile
from ingestion.formats.shaped import ShapedTable
from ingestion.report import FileRefused

from .conftest import csv_bytes

MakeProfile = Callable[..., SourceProfile]
START = datetime(2026, 9, 1)
HEADER = ["stamp", "value"]


def _lines(values: Sequence[object], first: int = 1, minutes: int = 15) -> list[list[object]]:
    """One line per value, stamped ``first``, ``first + 1``, … intervals after the start of 2026-09-01."""
    return [
        [f"{START + timedelta(minutes=minutes * (first + n)):%Y-%m-%d %H:%M}", value]
        for n, value in enumerate(values)
    ]


def _days(table: ShapedTable) -> dict[date, list[int | None]]:
    assert table.slots is not None
    assert table.missing is not None
    values = np.where(table.missing, -1, table.slots).tolist()
    days = [day for day in table.values["delivery_on"] if isinstance(day, date)]
    return {day: [None if v < 0 else v for v in row] for day, row in zip(days, values, strict=True)}


def test_long__end_and_begin_labels_differ_by_one_slot(long_profile: MakeProfile) -> None:
    content = csv_bytes(HEADER, _lines(range(96)))  # 00:15 … 00:00 of the next day
    ended = _days(transform(content, "a.csv", long_profile()))
    assert ended == {date(2026, 9, 1): [n * 1000 for n in range(96)]}
    begun = _days(transform(content, "a.csv", long_profile(label="begin")))
    assert begun[date(2026, 9, 1)] == [None, *(n * 1000 for n in range(95))]
    assert begun[date(2026, 9, 2)][:2] == [95_000, None]


def test_long__same_date_midnight_is_24_00(long_profile: MakeProfile) -> None:
    lines = [*_lines(range(95)), ["2026-09-01 00:00", 95]]
    profile = long_profile(time={"column": "stamp", "midnight": "same_date"})
    assert _days(transform(csv_bytes(HEADER, lines), "a.csv", profile)) == {
        date(2026, 9, 1): [n * 1000 for n in range(96)]
    }


def test_long__24_00_stamps_decide_the_label_and_date_and_time_may_stand_apart(
    long_profile: MakeProfile,
) -> None:
    rows = [["1/9/2026", f"{m // 60}:{m % 60:02d}", 1] for m in range(15, 1441, 15)]
    profile = long_profile(
        label=None, time={"column": "day", "time_column": "time", "format": "%d/%m/%Y %H:%M"}
    )
    days = _days(transform(csv_bytes(["day", "time", "value"], rows), "a.csv", profile))
    assert days == {date(2026, 9, 1): [1000] * 96}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"label": None}, "AMBIGUOUS_LABEL"),
        ({"time": {"column": "stamp"}}, "AMBIGUOUS_MIDNIGHT"),
    ],
)
def test_long__two_readings_are_refused_with_both_shown(
    long_profile: MakeProfile, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(FileRefused, match=r"Reading 1: .*Reading 2: .*Remedy: ") as refused:
        transform(csv_bytes(HEADER, _lines(range(96))), "a.csv", long_profile(**changes))
    assert refused.value.code == code


def test_long__bad_lines_leave_their_slots_missing(long_profile: MakeProfile) -> None:
    lines = _lines(range(96))
    lines[3][1], lines[4][1], lines[5][0], lines[6][0] = "x", "", "2026-09-01 01:31", "yesterday"
    lines.append(lines[0])
    table = transform(csv_bytes(HEADER, lines), "a.csv", long_profile())
    assert [(r.line_no, r.code) for r in table.refusals] == [
        (5, "UNPARSABLE_NUMBER"),
        (7, "OFF_GRID"),
        (8, "UNPARSABLE_DATE"),
        (98, "DUPLICATE_IN_FILE"),
    ]
    (slots,) = _days(table).values()
    assert [n for n, slot in enumerate(slots) if slot is None] == [3, 4, 5, 6]


def test_long__an_incomplete_day_can_be_refused_as_a_whole(long_profile: MakeProfile) -> None:
    content = csv_bytes(HEADER, _lines(range(150)))
    table = transform(content, "a.csv", long_profile(incomplete_day="refuse"))
    assert list(_days(table)) == [date(2026, 9, 1)]
    assert {r.code for r in table.refusals} == {"INCOMPLETE_DAY"}
    assert (table.delivered, len(table.refusals)) == (150, 54)


def test_long__columns_may_be_metering_points_and_keep_their_case(long_profile: MakeProfile) -> None:
    rows = [[*line, 2] for line in _lines([1] * 48, first=0, minutes=30)]
    profile = long_profile(
        points=48, label="begin", metering_point={"header": True}, columns=[], time={"column": "stamp"}
    )
    table = transform(csv_bytes(["stamp", "MAC1", "mac2"], rows), "a.csv", profile)
    assert table.values["metering_point_id"] == ["MAC1", "mac2"]
    assert table.slots is not None
    assert table.slots.sum(axis=1).tolist() == [48_000, 96_000]
    assert table.notes is not None
    assert table.notes[0].startswith("48 points in Wh: 1000|1000|")
    assert (table.delivered, len(table.lines)) == (48, 2)


def test_long__points_and_channels_may_be_columns(long_profile: MakeProfile) -> None:
    rows = [
        [stamp, value, point, channel]
        for point, channel in (("A", "正"), ("A", "反"), ("B", "正"))
        for stamp, value in _lines(range(96))
    ]
    profile = long_profile(
        metering_point={"column": "point"},
        channel={"column": "dir", "words": {"正": "active_import", "反": "active_export"}},
    )
    table = transform(csv_bytes([*HEADER, "point", "dir"], rows), "a.csv", profile)
    keys = zip(table.values["metering_point_id"], table.values["channel"], strict=True)
    assert sorted(map(str, keys)) == [
        "('A', 'active_export')",
        "('A', 'active_import')",
        "('B', 'active_import')",
    ]


def _registers(long_profile: MakeProfile, values: Sequence[object], **changes: object) -> ShapedTable:
    profile = long_profile(values="cumulative_register", label=None, **changes)
    return transform(csv_bytes(HEADER, _lines(values, first=0)), "a.csv", profile)


def test_registers__97_readings_are_96_differences_times_the_multiplier(long_profile: MakeProfile) -> None:
    table = _registers(long_profile, [100 + n * 0.5 for n in range(97)], multiplier=3000)
    assert _days(table) == {date(2026, 9, 1): [1_500_000] * 96}
    assert (table.delivered, len(table.refusals)) == (97, 0)


def test_registers__the_reading_at_midnight_serves_both_days(long_profile: MakeProfile) -> None:
    table = _registers(long_profile, range(193))
    assert _days(table) == {date(2026, 9, 1): [1000] * 96, date(2026, 9, 2): [1000] * 96}
    midnight = [record for row, record in zip(table.rows, table.records, strict=True) if row == 96]
    assert len(midnight) == 2


def test_registers__a_fall_refuses_its_line_and_both_its_slots_are_missing(long_profile: MakeProfile) -> None:
    table = _registers(long_profile, [*range(50), 3, *range(51, 97)])
    assert [(r.line_no, r.code, r.value) for r in table.refusals] == [(52, "REGISTER_ROLLBACK", "3")]
    (slots,) = _days(table).values()
    assert [n for n, slot in enumerate(slots) if slot is None] == [49, 50]


def test_registers__a_fall_across_a_gap_is_refused_too(long_profile: MakeProfile) -> None:
    table = _registers(long_profile, [*range(50), "", 3, *range(4, 49)])
    assert [(r.line_no, r.code) for r in table.refusals] == [(53, "REGISTER_ROLLBACK")]


def test_registers__a_reading_alone_gives_no_energy_and_is_refused(long_profile: MakeProfile) -> None:
    profile = long_profile(values="cumulative_register")
    content = csv_bytes(HEADER, [["2026-09-01 08:00", 1], ["2026-09-01 12:00", 2], ["2026-09-01 12:15", 3]])
    table = transform(content, "a.csv", profile)
    assert [(r.line_no, r.code) for r in table.refusals] == [(2, "NO_NEIGHBOUR")]
    assert [slot for slot in _days(table)[date(2026, 9, 1)] if slot is not None] == [1000]

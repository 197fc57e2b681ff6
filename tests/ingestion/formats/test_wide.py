"""A day a line: columns, labels, units, registers, encodings, workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from ingestion.formats.delivery import transform
from ingestion.formats.profile import SourceProfile
from ingestion.formats.shaped import ShapedTable
from ingestion.report import FileRefused

from .conftest import csv_bytes

MakeProfile = Callable[..., SourceProfile]


def _header(count: int, *names: str) -> list[str]:
    return ["point", "day", *names, *(f"v{n:02d}" for n in range(1, count + 1))]


def _slots(table: ShapedTable) -> list[list[int]]:
    assert table.slots is not None
    return [[int(value) for value in row] for row in table.slots]


def _codes(table: ShapedTable) -> list[str]:
    return [refusal.code for refusal in table.refusals]


def test_wide__96_values_land_as_they_stand(wide_profile: MakeProfile) -> None:
    row = ["MP1", "2026-09-01", *(f"{n}.5" for n in range(96))]
    table = transform(csv_bytes(_header(96), [row]), "a.csv", wide_profile())
    assert _slots(table) == [[n * 1000 + 500 for n in range(96)]]
    assert table.values["delivery_on"] == [date(2026, 9, 1)]
    assert (table.delivered, table.lines, table.notes) == (1, [2], None)


@pytest.mark.parametrize(
    ("unit", "values", "text", "wh"),
    [("MWh", "energy", "0.0015", 1500), ("万kWh", "energy", "0.0002", 2000), ("kW", "power", "4.004", 1001)],
)
def test_wide__units(wide_profile: MakeProfile, unit: str, values: str, text: str, wh: int) -> None:
    profile = wide_profile(unit=unit, values=values, decimals=4)
    table = transform(csv_bytes(_header(96), [["MP1", "2026-09-01", *[text] * 96]]), "a.csv", profile)
    assert _slots(table) == [[wh] * 96]


def test_wide__power_that_is_no_whole_wh_needs_a_word_on_rounding(wide_profile: MakeProfile) -> None:
    content = csv_bytes(_header(96), [["MP1", "2026-09-01", *["0.002"] * 96]])  # 0.5 Wh a quarter hour
    exact = transform(content, "a.csv", wide_profile(values="power", unit="kW"))
    assert _codes(exact) == ["NOT_WHOLE_WH"]
    carried = transform(content, "a.csv", wide_profile(values="power", unit="kW", rounding="carry"))
    assert (sum(_slots(carried)[0]), _slots(carried)[0][:4]) == (48, [1, 0, 1, 0])


def test_wide__24_points_split_and_the_original_stays(wide_profile: MakeProfile) -> None:
    row = ["MP1", "2026-09-01", "101", "", *["0"] * 22]
    profile = wide_profile(points=24, split_decimals=0)
    table = transform(csv_bytes(_header(24), [row]), "a.csv", profile)
    assert _slots(table)[0][:8] == [26_000, 25_000, 25_000, 25_000, 0, 0, 0, 0]
    assert table.missing is not None
    assert table.missing[0].tolist() == [False] * 4 + [True] * 4 + [False] * 88
    assert table.notes == ["24 points in kWh: 101||" + "|".join(["0"] * 22)]
    assert [finding.code for finding in table.findings] == ["MISSING_SLOT"]


def test_wide__registers_become_differences_times_the_multiplier(wide_profile: MakeProfile) -> None:
    profile = wide_profile(
        points=97, values="cumulative_register", extra_column="start_reading", ct_ratio=30, pt_ratio=100
    )
    readings = [f"{100 + n * 4.5:.2f}" for n in range(97)]
    table = transform(csv_bytes(_header(97), [["MP1", "2026-09-01", *readings]]), "a.csv", profile)
    assert _slots(table) == [[13_500_000] * 96]


def test_wide__a_register_that_falls_refuses_its_row_even_across_a_gap(wide_profile: MakeProfile) -> None:
    profile = wide_profile(points=97, values="cumulative_register", extra_column="start_reading")
    rising = [str(n) for n in range(97)]
    rows = [
        ["A", "2026-09-01", *rising],
        ["B", "2026-09-01", *rising[:50], "3", *rising[51:]],
        ["C", "2026-09-01", *rising[:50], "", "3", *rising[52:]],
        ["D", "2026-09-01", *rising[:50], "", *rising[51:]],
    ]
    table = transform(csv_bytes(_header(97), rows), "a.csv", profile)
    assert [(r.line_no, r.code, r.field) for r in table.refusals] == [
        (3, "REGISTER_ROLLBACK", "v51"),
        (4, "REGISTER_ROLLBACK", "v52"),
    ]
    assert table.values["metering_point_id"] == ["A", "D"]
    assert table.missing is not None
    assert np.flatnonzero(table.missing[1]).tolist() == [49, 50]


@pytest.mark.parametrize(
    ("extra", "values", "first"),
    [
        ("previous_end", [7, *[1] * 96], 1000),
        ("total_first", [96, *[1] * 96], 1000),
        ("total_last", [*[1] * 96, 96], 1000),
    ],
)
def test_wide__97_columns_by_what_the_odd_one_is(
    wide_profile: MakeProfile, extra: str, values: list[int], first: int
) -> None:
    content = csv_bytes(_header(97), [["MP1", "2026-09-01", *values]])
    table = transform(content, "a.csv", wide_profile(points=97, extra_column=extra))
    assert _slots(table) == [[first] * 96]


def test_wide__a_total_that_differs_refuses_its_row(wide_profile: MakeProfile) -> None:
    content = csv_bytes(_header(97), [["MP1", "2026-09-01", *[1] * 96, 95]])
    table = transform(content, "a.csv", wide_profile(points=97, extra_column="total_last"))
    assert [(r.code, r.field, r.value) for r in table.refusals] == [("TOTAL_DIFFERS", "v97", "95")]


def test_wide__97_columns_without_a_word_show_both_readings(wide_profile: MakeProfile) -> None:
    content = csv_bytes(_header(97), [["MP1", "2026-09-01", *[1] * 97]])
    for profile in (wide_profile(points=97), wide_profile(points=96)):
        with pytest.raises(FileRefused, match=r"97 value columns.*Reading 1: .*Reading 2: ") as refused:
            transform(content, "a.csv", profile)
        assert refused.value.code == "AMBIGUOUS_COLUMNS"


def _clock(start: int, count: int = 96) -> list[str]:
    return [f"{m // 60:02d}:{m % 60:02d}" for m in range(start, start + 15 * count, 15)]


@pytest.mark.parametrize(("start", "label"), [(0, "begin"), (15, "end")])
def test_wide__times_in_the_header_must_say_what_the_profile_says(
    wide_profile: MakeProfile, start: int, label: str
) -> None:
    names = _clock(start)
    content = csv_bytes(["point", "day", *names], [["MP1", "2026-09-01", *range(96)]])
    table = transform(content, "a.csv", wide_profile(first_column=names[0], label=label))
    assert _slots(table)[0][:2] == [0, 1000]
    other = "end" if label == "begin" else "begin"
    with pytest.raises(
        FileRefused, match=r"Reading 1: the header is right.*Reading 2: the profile"
    ) as refused:
        transform(content, "a.csv", wide_profile(first_column=names[0], label=other))
    assert refused.value.code == "CONTRADICTS_PROFILE"


def test_wide__the_last_time_may_be_24_00_or_00_00(wide_profile: MakeProfile) -> None:
    for last in ("24:00", "00:00"):
        content = csv_bytes(["point", "day", *_clock(15)[:-1], last], [["MP1", "2026-09-01", *range(96)]])
        assert transform(content, "a.csv", wide_profile(first_column="00:15", label="end")).delivered == 1


def test_wide__bad_cells_refuse_their_row_only(wide_profile: MakeProfile) -> None:
    good = ["2026-09-01", *["1"] * 96]
    rows = [
        ["A", *good],
        ["A", *good],
        ["", *good],
        ["C", "2026-13-01", *["1"] * 96],
        ["D", *good[:-1], "-1"],
        ["E", *good[:-1], "1.0001"],
        ["F", *good[:-1], "x"],
        ["G", *good[:-1], "9999999999"],
        ["H", *good[:-3]],
        ["I", *good],
    ]
    table = transform(csv_bytes(_header(96), rows), "a.csv", wide_profile())
    assert sorted((r.line_no, r.code) for r in table.refusals) == [
        (3, "DUPLICATE_IN_FILE"),
        (4, "MISSING_FIELD"),
        (5, "UNPARSABLE_DATE"),
        (6, "NEGATIVE_VALUE"),
        (7, "TOO_MANY_DECIMALS"),
        (8, "UNPARSABLE_NUMBER"),
        (9, "OUT_OF_RANGE"),
        (10, "WRONG_CELL_COUNT"),
    ]
    assert table.delivered == len(rows) == len(table.lines) + len(table.refusals)
    assert all("a.csv, line" in r.message and "Remedy: " in r.message for r in table.refusals)


def test_wide__gbk_titles_channel_words_semicolons(wide_profile: MakeProfile) -> None:
    text = "某公司日电量;;;\n户号;日期;方向;" + ";".join(f"v{n:02d}" for n in range(1, 97)) + "\n"
    text += (
        "MP1;2026/9/1;反向有功;" + ";".join(["1"] * 96) + "\nMP1;2026/9/1;无;" + ";".join(["1"] * 96) + "\n"
    )
    profile = wide_profile(
        encoding="gbk",
        delimiter=";",
        header_row=2,
        time={"column": "日期"},
        metering_point={"column": "户号"},
        channel={"column": "方向", "words": {"反向有功": "active_export"}},
    )
    table = transform(text.encode("gbk"), "a.csv", profile)
    assert table.values["channel"] == ["active_export"]
    assert [(r.line_no, r.code, r.field) for r in table.refusals] == [(4, "UNKNOWN_CHOICE", "方向")]
    with pytest.raises(FileRefused, match="is not utf-8") as refused:
        transform(text.encode("gbk"), "a.csv", profile.model_copy(update={"encoding": "utf-8"}))
    assert refused.value.code == "WRONG_ENCODING"


def test_wide__workbook_sheet_with_a_title_and_serial_days(wide_profile: MakeProfile, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "日电量"
    sheet.append(["9月"])
    sheet.append(_header(96))
    sheet.append(["MP1", 46295, *[0.1] * 96])
    book.create_sheet("说明").append(["not data"])
    stream = io.BytesIO()
    book.save(stream)
    profile = wide_profile(sheet="日电量", header_row=2, time={"column": "day", "format": "excel_serial"})
    table = transform(stream.getvalue(), "a.xlsx", profile)
    assert (table.values["delivery_on"], table.lines) == ([date(2026, 9, 30)], [3])
    assert _slots(table) == [[100] * 96]
    with pytest.raises(FileRefused, match="name the sheet"):
        transform(stream.getvalue(), "a.xlsx", profile.model_copy(update={"sheet": None}))

"""Every shape a source may have, from the file through ``ingest_paths`` to rows of landing.meter_day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from ingestion.formats.profile import SourceProfile
from ingestion.intake import ingest_paths

pytestmark = pytest.mark.integration

DAY = datetime(2026, 9, 1)
SERIAL = 46266  # 2026-09-01 as Excel keeps it
NAMES = [f"v{n:02d}" for n in range(1, 97)]
QUARTERS = [timedelta(minutes=15 * n) for n in range(1, 97)]
WIDE = {
    "profile": "grid",
    "layout": "wide",
    "points": 96,
    "values": "energy",
    "unit": "kWh",
    "time": {"column": "day"},
    "metering_point": {"column": "point"},
    "first_column": "v01",
}
LONG = {
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
REGISTER = {"values": "cumulative_register", "decimals": 2, "ct_ratio": 30, "pt_ratio": 100}


@dataclass(frozen=True)
class Case:
    """A file and what must stand in the database: Wh by slot, records delivered, codes of its flags."""

    rows: Sequence[Sequence[object]]
    profile: dict[str, Any]
    wh: dict[int, int]
    total: int
    suffix: str = ".csv"
    encoding: str = "utf-8"
    flags: Sequence[str] = ()
    title: str = ""
    delivered: int = field(default=1)


def _wide(count: int, values: Sequence[object], day: object = "2026-09-01") -> list[list[object]]:
    return [["point", "day", *(f"v{n:02d}" for n in range(1, count + 1))], ["MP1", day, *values]]


def _long(stamps: Sequence[object], values: Sequence[object]) -> list[list[object]]:
    return [["stamp", "value"], *([stamp, value] for stamp, value in zip(stamps, values, strict=True))]


ONES: list[object] = [1, *[2] * 95]
RISING: list[object] = [f"{100 + 4.5 * n:.2f}" for n in range(97)]  # 4.50 a quarter hour, domain §6
ENDS = [f"{DAY + step:%Y-%m-%d %H:%M}" for step in QUARTERS]
HALF: list[object] = [0.101, *[2] * 47]
CASES = {
    "96 columns": Case(_wide(96, ONES), WIDE, {1: 1000, 96: 2000}, 191_000),
    "96 columns, workbook, date cells": Case(_wide(96, ONES, DAY), WIDE, {1: 1000}, 191_000, ".xlsx"),
    "96 columns, workbook, serial dates": Case(
        _wide(96, ONES, SERIAL),
        WIDE | {"time": {"column": "day", "format": "excel_serial"}},
        {1: 1000},
        191_000,
        ".xlsx",
    ),
    "serial dates, kept as dates": Case(
        _wide(96, ONES, DAY),
        WIDE | {"time": {"column": "day", "format": "excel_serial"}},
        {1: 1000},
        191_000,
        ".xlsx",
    ),
    "97 columns, total last": Case(
        _wide(97, [*ONES, 191]), WIDE | {"points": 97, "extra_column": "total_last"}, {1: 1000}, 191_000
    ),
    "97 columns, the day before's 24:00": Case(
        _wide(97, [7, *ONES], DAY),
        WIDE | {"points": 97, "extra_column": "previous_end"},
        {1: 1000},
        191_000,
        ".xlsx",
    ),
    "97 registers with multiplier": Case(
        _wide(97, RISING, SERIAL),
        WIDE
        | REGISTER
        | {
            "points": 97,
            "extra_column": "start_reading",
            "time": {"column": "day", "format": "excel_serial"},
        },
        {1: 13_500_000, 96: 13_500_000},
        96 * 13_500_000,
        ".xlsx",
    ),
    "registers a line each": Case(
        _long(["2026-09-01 00:00", *ENDS], RISING),
        LONG | REGISTER,
        {1: 13_500_000, 96: 13_500_000},
        96 * 13_500_000,
        delivered=97,
    ),
    "GBK with a title": Case(
        [
            ["户号", "方向", "日期", *(f"v{n:02d}" for n in range(1, 97))],
            ["MP1", "正向有功", "2026/9/1", *ONES],
        ],
        WIDE
        | {
            "encoding": "gbk",
            "header_row": 2,
            "time": {"column": "日期"},
            "metering_point": {"column": "户号"},
            "channel": {"column": "方向", "words": {"正向有功": "active_import"}},
        },
        {1: 1000},
        191_000,
        encoding="gbk",
        title="九月份日冻结\n",
    ),
    "万kWh": Case(
        _wide(96, ["0.0001", *["0.0002"] * 95]),
        WIDE | {"unit": "万kWh", "decimals": 4},
        {1: 1000, 2: 2000},
        191_000,
    ),
    "MWh, workbook": Case(
        _wide(96, [0.001, *[0.002] * 95], DAY), WIDE | {"unit": "MWh"}, {1: 1000, 2: 2000}, 191_000, ".xlsx"
    ),
    "kW averages": Case(
        _wide(96, [4, *["8.004"] * 95]),
        WIDE | {"values": "power", "unit": "kW"},
        {1: 1000, 2: 2001},
        1000 + 95 * 2001,
    ),
    "kW averages that are no whole Wh": Case(
        _wide(96, ["0.002"] * 96),
        WIDE | {"values": "power", "unit": "kW", "rounding": "carry"},
        {1: 1, 2: 0},
        48,
    ),
    "stamps of 24:00": Case(
        _long([*ENDS[:-1], "2026-09-01 24:00"], ONES),
        LONG | {"label": None, "time": {"column": "stamp", "midnight": "24:00"}},
        {1: 1000, 96: 2000},
        191_000,
        delivered=96,
    ),
    "same-date 00:00": Case(
        _long([*ENDS[:-1], "2026-09-01 00:00"], [*ONES[:-1], 9]),
        LONG | {"time": {"column": "stamp", "midnight": "same_date"}},
        {1: 1000, 96: 9000},
        198_000,
        delivered=96,
    ),
    "begin labels, workbook": Case(
        _long([DAY + timedelta(minutes=15 * n) for n in range(96)], ONES),
        LONG | {"label": "begin"},
        {1: 1000, 96: 2000},
        191_000,
        ".xlsx",
        delivered=96,
    ),
    "stamps are serial numbers": Case(
        _long([SERIAL + n / 96 for n in range(1, 97)], ONES),
        LONG | {"time": {"column": "stamp", "format": "excel_serial", "midnight": "next_day"}},
        {1: 1000, 96: 2000},
        191_000,
        ".xlsx",
        delivered=96,
    ),
    "24 points": Case(
        _wide(24, [0.101, *[2] * 23]),
        WIDE | {"points": 24},
        {1: 26, 2: 25, 4: 25, 5: 500},
        46_101,
        flags=("SPLIT_24",),
    ),
    "48 points": Case(
        _wide(48, HALF), WIDE | {"points": 48}, {1: 51, 2: 50, 3: 1000}, 94_101, flags=("SPLIT_48",)
    ),
}


def _write(case: Case, path: Path) -> None:
    if case.suffix == ".csv":
        lines = "\n".join(",".join(map(str, row)) for row in case.rows)
        path.write_bytes(f"{case.title}{lines}\n".encode(case.encoding))
        return
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in case.rows:
        sheet.append(list(row))
    book.save(path)


@pytest.mark.parametrize("name", CASES)
def test_ingest_paths__every_shape_lands_exactly(
    engine: sa.Engine, tmp_path: Path, scalar: Callable[[str], int], name: str
) -> None:
    case = CASES[name]
    path = tmp_path / f"delivery{case.suffix}"
    _write(case, path)
    (report,) = ingest_paths(engine, [path], profile=SourceProfile.model_validate(case.profile))
    assert report.status == "landed", report.refusals[:1]
    with engine.connect() as connection:
        batch = connection.execute(sa.text("select rows_delivered, rows_landed from landing.batch")).one()
        day = connection.execute(sa.text("select * from landing.meter_day")).mappings().one()
        flags = connection.execute(sa.text("select rule_code from landing.meter_slot_flag")).scalars().all()
    assert tuple(batch) == (case.delivered, case.delivered)
    assert (day["metering_point_id"], day["channel"], str(day["delivery_on"])) == (
        "MP1",
        "active_import",
        "2026-09-01",
    )
    assert {slot: day[f"p{slot:02d}"] for slot in case.wh} == case.wh
    assert sum(day[f"p{slot:02d}"] for slot in range(1, 97)) == case.total
    assert list(flags) == list(case.flags)
    assert scalar("select records_landed from landing.shaped_batch") == 1

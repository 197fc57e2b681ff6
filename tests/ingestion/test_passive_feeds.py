"""Workbooks of frozen registers, monthly totals, production plans and key figures land exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ingestion.feeds import registry
from ingestion.feeds.columns import CellError, Day, Instant, Month
from ingestion.feeds.month_energy import FEED as MONTH_ENERGY
from ingestion.intake import ingest_paths
from ingestion.templates import write_template

Rows = Sequence[Sequence[object]]
SECOND = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59, 59)).map(
    lambda moment: moment.replace(microsecond=0)
)


def _fill(path: Path, feed: str, rows: Rows) -> Path:
    """The feed's own template, filled."""
    book = openpyxl.load_workbook(write_template(feed, path))
    for row in rows:
        book[feed].append(list(row))
    book.save(path)
    return path


def _landed(engine: sa.Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


@given(SECOND)
def test_instant__every_second_of_an_excel_serial_is_exact(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)).total_seconds() / 86_400
    parsed = Instant("read_at", "").parse(f"{serial:.15g}")
    assert isinstance(parsed, datetime)
    assert parsed.replace(tzinfo=None) == moment


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026/9/30 24:00", "2026-10-01T00:00:00+08:00"),
        ("2026/10/1 0:15", "2026-10-01T00:15:00+08:00"),
        ("2026-10-1", "2026-10-01T00:00:00+08:00"),
        ("46296.0104166667", "2026-10-01T00:15:00+08:00"),
    ],
)
def test_instant__as_excel_shows_it(text: str, wanted: str) -> None:
    parsed = Instant("read_at", "").parse(text)
    assert isinstance(parsed, datetime)
    assert parsed.isoformat() == wanted


@pytest.mark.parametrize("text", ["46296.0104", "2026-09-30 24:15", "9999-12-31 24:00", "2026-02-30 00:00"])
def test_instant__what_is_not_exact_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        Instant("read_at", "").parse(text)


def test_day_and_month__serial_numbers_are_whole_days() -> None:
    assert str(Day("d", "").parse("46295")) == "2026-09-30"
    assert str(Month("m", "").parse("46296")) == "2026-10-01"
    for column, text in ((Day("d", ""), "46295.5"), (Month("m", ""), "46297"), (Day("d", ""), "10000")):
        with pytest.raises(CellError):
            column.parse(text)


@pytest.mark.parametrize(
    "name",
    [
        "month_energy", "production_plan", "customer_kpi", "tou_condition_day", "curve_template",
        "contract_distribution", "quantity_adjustment", "service", "budget", "guarantee", "market_volume",
    ],
)  # fmt: skip
def test_template__explains_each_column_in_both_languages(tmp_path: Path, name: str) -> None:
    book = openpyxl.load_workbook(write_template(name, tmp_path / "t.xlsx"))
    comments = [cell.comment.text for cell in book[name][1] if cell.comment]
    feed = registry()[name]
    assert len(comments) == len(feed.file_columns)
    for column, comment in zip(feed.columns, comments, strict=True):
        assert column.note in comment
        assert column.note_zh
        assert column.note_zh in comment


@pytest.mark.integration
def test_register_reading__a_workbook_of_date_cells_and_serial_numbers_lands_exactly(
    engine: sa.Engine, tmp_path: Path
) -> None:
    rows: Rows = [
        ["MP1", "active_import", datetime(2026, 9, 1), "monthly_freeze", 120.1],
        ["MP1", "active_import", 46296, "monthly_freeze", 124.6],
        ["MP1", "active_import", 46296.0104166667, "daily_freeze", 124.61],
        ["MP1", "active_import", datetime(2026, 10, 1, 0, 30), "daily_freeze", "124.62"],
        ["MP1", "active_import", "2026/10/1 24:00", "daily_freeze", 125],
    ]
    (report,) = ingest_paths(engine, [_fill(tmp_path / "表码.xlsx", "register_reading", rows)])
    assert (report.status, report.rows_landed) == ("landed", 5), report.refusals
    assert _landed(
        engine,
        "select to_char(read_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS.US'), register_kwh "
        "from landing.register_reading order by read_at",
    ) == [
        ("2026-09-01 00:00:00.000000", Decimal("120.10")),
        ("2026-10-01 00:00:00.000000", Decimal("124.60")),
        ("2026-10-01 00:15:00.000000", Decimal("124.61")),
        ("2026-10-01 00:30:00.000000", Decimal("124.62")),
        ("2026-10-02 00:00:00.000000", Decimal("125.00")),
    ]


@pytest.mark.integration
def test_month_energy__every_unit_becomes_kwh_exactly_and_the_original_stays(
    engine: sa.Engine, tmp_path: Path
) -> None:
    rows: Rows = [
        ["account", "A1", "active_import", "2026-09", None, 123.456789, "万kWh"],
        ["户号", "A2", "active_import", datetime(2026, 9, 1), "峰", "1234.567", "mwh"],
        ["metering_point", "M1", "active_export", "2026-09", "all", 7, "千瓦时"],
        ["metering_point", "M2", "active_import", "2026-09", "all", "0.000001", "亿kWh"],
        ["metering_point", "M3", "active_import", "2026-09", "all", 5, None],
        ["metering_point", "M4", "active_import", "2026-09", "all", 5, "GJ"],
    ]
    (report,) = ingest_paths(engine, [_fill(tmp_path / "totals.xlsx", "month_energy", rows)])
    assert [(refusal.line_no, refusal.field, refusal.code) for refusal in report.refusals] == [
        (6, "unit", "MISSING_FIELD"),
        (7, "unit", "UNKNOWN_CHOICE"),
    ]
    found = _landed(
        engine, "select subject_id, period, energy, unit, energy_kwh from landing.month_energy order by 1"
    )
    assert found == [
        ("A1", "all", Decimal("123.456789"), "万kWh", Decimal("1234567.89")),
        ("A2", "peak", Decimal("1234.567"), "MWh", Decimal("1234567")),
        ("M1", "all", Decimal(7), "kWh", Decimal(7)),
        ("M2", "all", Decimal("0.000001"), "亿kWh", Decimal(100)),
    ]


@pytest.mark.integration
def test_plans_and_figures__land_with_defaults_and_a_correction_is_a_version(
    engine: sa.Engine, tmp_path: Path
) -> None:
    plans: Rows = [
        ["customer", "K1", datetime(2026, 9, 1), None, None, None, "是", None],
        ["account", "A1", "2026-09-01", "早班", 12.5, "t", None, 800],
    ]
    figures: Rows = [["K1", "2026-09", "单耗", 55.25, "kWh/t"]]
    paths = [
        _fill(tmp_path / "plans.xlsx", "production_plan", plans),
        _fill(tmp_path / "kpi.xlsx", "customer_kpi", figures),
    ]
    assert {report.status for report in ingest_paths(engine, paths)} == {"landed"}
    assert _landed(
        engine,
        "select subject_id, shift, planned_output, output_unit, planned_stop, expected_energy_kwh "
        "from landing.production_plan order by 1",
    ) == [
        ("A1", "早班", Decimal("12.500"), "t", "no", Decimal("800.000")),
        ("K1", "whole_day", None, None, "yes", None),
    ]
    corrected = _fill(tmp_path / "kpi-2.xlsx", "customer_kpi", [["K1", "2026-09", "单耗", 54, "kWh/t"]])
    ingest_paths(engine, [corrected])
    assert _landed(engine, "select version, value, unit from landing.customer_kpi order by 1") == [
        (1, Decimal("55.250000"), "kWh/t"),
        (2, Decimal("54.000000"), "kWh/t"),
    ]


def test_month_energy__no_derived_column_can_be_delivered() -> None:
    assert "energy_kwh" not in MONTH_ENERGY.file_columns
    assert "energy_kwh" in MONTH_ENERGY.table.c

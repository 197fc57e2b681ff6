"""Packs laid out in PostgreSQL: the same content by delivery date and slot, repeatable and all or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.market_rules import BUILT_IN, PackFileError, list_packs, load_packs
from ingestion.market_rules.loader import delivery_days, schedules_of
from ingestion.market_rules.reference import (
    METADATA,
    PACK_DAY,
    RULE_PACK,
    TOU_CONDITIONAL_DAY,
    TOU_DAY,
    TOU_SCHEDULE_SLOT,
)

pytestmark = pytest.mark.integration

SHANDONG = BUILT_IN / "shandong"

OPEN_PACK = """\
province: testland
version: "1"
effective_from: 2026-03-01
status: sourced
sources: []
settlement:
  vat_rate: {value: RATE, confidence: G}
"""


def _contents(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=str)
            for table in METADATA.sorted_tables
        }


def _writers(engine: sa.Engine) -> list[tuple[str, object]]:
    """The transactions that wrote the rows that are there."""
    writer: sa.ColumnElement[str] = sa.literal_column("xmin::text")
    with engine.connect() as connection:
        return [
            (table.name, row)
            for table in METADATA.sorted_tables
            for row in connection.execute(sa.select(writer).select_from(table).distinct().order_by(writer))
        ]


def _days(engine: sa.Engine) -> dict[date, list[str]]:
    """Periods of the 96 slots by delivery date, as SQL sees them."""
    statement = (
        sa.select(TOU_DAY.c.delivery_on, TOU_SCHEDULE_SLOT.c.tou_period)
        .join(TOU_SCHEDULE_SLOT, TOU_SCHEDULE_SLOT.c.schedule_id == TOU_DAY.c.schedule_id)
        .order_by(TOU_DAY.c.delivery_on, TOU_SCHEDULE_SLOT.c.slot)
    )
    stored: dict[date, list[str]] = {}
    with engine.connect() as connection:
        for day, period in connection.execute(statement):
            stored.setdefault(day, []).append(period)
    return stored


def test_load_packs__explodes_to_the_same_schedule_per_day(engine: sa.Engine) -> None:
    files = list_packs([SHANDONG])
    loaded = load_packs(engine, [SHANDONG])
    assert [(pack.pack_hash, pack.days, pack.is_new) for pack in loaded] == [
        (files[0].pack_hash, 61, True),
        (files[1].pack_hash, 212, True),
        (files[2].pack_hash, 153, True),
    ]
    expected: dict[date, list[str]] = {}
    for file in files:
        grids, days = schedules_of(file.pack)
        expected |= {day: list(grids[days[day]]) for day in delivery_days(file.pack)}
    assert _days(engine) == expected


def test_load_packs__equal_schedules_of_two_packs_share_their_name(engine: sa.Engine) -> None:
    load_packs(engine, [SHANDONG])
    with engine.connect() as connection:
        rows = connection.execute(sa.select(TOU_DAY.c.delivery_on, TOU_DAY.c.schedule_id)).all()
    names = {row.delivery_on: row.schedule_id for row in rows}
    assert names[date(2026, 7, 31)] == names[date(2026, 8, 1)]
    assert names[date(2026, 1, 1)] == names[date(2026, 12, 31)]
    assert len(set(names.values())) == 5


def test_load_packs__a_condition_comes_with_the_schedule_that_would_hold(engine: sa.Engine) -> None:
    load_packs(engine, [BUILT_IN / "guangdong"])
    with engine.connect() as connection:
        rows = {row.delivery_on: row for row in connection.execute(TOU_CONDITIONAL_DAY.select())}
        summer = connection.scalar(
            sa.select(TOU_DAY.c.schedule_id).where(TOU_DAY.c.delivery_on == date(2026, 7, 1))
        )
    assert {day.month for day in rows} == {1, 2, 3, 4, 5, 6, 10, 11, 12}
    assert len(rows) == 365 - 92
    october = rows[date(2026, 10, 1)]
    assert (october.condition_code, october.decided_by, october.tariff_class) == ("hot_day", "feed", None)
    assert (october.holidays, october.is_on_weekends, october.is_illustrative) == (None, False, True)
    assert october.schedule_id == summer


def test_load_packs__a_class_bound_calendar_condition_keeps_its_bounds(engine: sa.Engine) -> None:
    load_packs(engine, [BUILT_IN / "anhui"])
    with engine.connect() as connection:
        row = connection.execute(
            TOU_CONDITIONAL_DAY.select().where(TOU_CONDITIONAL_DAY.c.delivery_on == date(2026, 10, 1))
        ).one()
    assert (row.decided_by, row.holidays, row.min_holiday_days) == ("calendar", "all", 3)
    assert (row.tariff_class, row.min_capacity_kva) == ("two_part", 315)


def test_load_packs__recoveries_come_with_their_bounds_and_what_is_announced(engine: sa.Engine) -> None:
    load_packs(engine, [BUILT_IN / "anhui", SHANDONG])
    query = "select announced from reference.recovery_rule where kind = :kind limit 1"
    bounds = """
        select distinct b.delivery_month, b.hour, b.band_rate from reference.recovery_band as b
        inner join reference.rule_pack as p on p.pack_hash = b.pack_hash
        where b.kind = :kind and p.province = 'anhui'
    """
    with engine.connect() as connection:
        announced = {
            kind: connection.scalar(sa.text(query), {"kind": kind})
            for kind in ("user_mlt_excess", "mlt_hour_shortfall", "mlt_hour_excess")
        }
        short = connection.execute(sa.text(bounds), {"kind": "mlt_hour_shortfall"}).all()
        long = connection.execute(sa.text(bounds), {"kind": "mlt_hour_excess"}).all()
        unknown = connection.execute(sa.text(bounds), {"kind": "user_mlt_excess"}).all()
    assert announced == {
        "user_mlt_excess": ["upper_rate", "coefficient"],
        "mlt_hour_shortfall": ["price_a_factor"],
        "mlt_hour_excess": [],
    }
    assert {(row.delivery_month, row.hour): str(row.band_rate) for row in short} == {
        (month, hour): "0.550000" if 9 <= hour <= 16 else "0.800000"
        for month in range(1, 13)
        for hour in range(1, 25)
    }
    assert {str(row.band_rate) for row in long} == {"1.150000"}
    assert len(long) == 288
    assert unknown == []


def test_load_packs__every_shipped_pack_loads(engine: sa.Engine) -> None:
    loaded = load_packs(engine, [BUILT_IN])
    assert len(loaded) == len(list_packs([BUILT_IN]))
    with engine.connect() as connection:
        days = connection.execute(
            sa.select(PACK_DAY.c.province, sa.func.count()).group_by(PACK_DAY.c.province)
        )
        by_province = {row[0]: row[1] for row in days}
    assert by_province.pop("shenzhen") == 153
    # the sample settles two months of 2025
    assert (by_province.pop("anhui"), by_province.pop("shandong")) == (426, 426)
    assert set(by_province.values()) == {365}
    assert len(by_province) == 31


def test_load_packs__head_columns_and_body_say_what_the_pack_says(engine: sa.Engine) -> None:
    load_packs(engine, [SHANDONG])
    with engine.connect() as connection:
        rows = connection.execute(RULE_PACK.select().order_by(RULE_PACK.c.effective_from)).all()
        illustrative = connection.execute(sa.select(TOU_DAY.c.is_illustrative).distinct()).scalars().all()
    before, row, later = rows
    assert (row.settlement_form, row.reference_point) == ("difference", "rt_unified")
    assert (row.mid_month_change, row.price_cap_cny_per_mwh) == ("split_by_day", None)
    assert (str(row.vat_rate), row.price_floor_cny_per_mwh, row.status) == ("0.1300", -100, "illustrative")
    assert "tou.schedule" in row.illustrative_items
    assert row.body["settlement"]["vat_rate"]["value"] == "0.13"
    assert "tariff" not in row.body
    assert later.body["tariff"]["line_loss_rate"]["value"] == "0.0307"
    # what stands in for the rules of 2025 is marked; their time of use was read
    assert {"settlement.form", "settlement.reference_point"} <= set(before.illustrative_items)
    assert "tou.schedule" not in before.illustrative_items
    assert set(illustrative) == {True, False}


def test_load_packs__second_call_changes_nothing(engine: sa.Engine) -> None:
    folders = [SHANDONG, BUILT_IN / "guangdong"]
    load_packs(engine, folders)
    before, written = _contents(engine), _writers(engine)
    assert not any(pack.is_new for pack in load_packs(engine, folders))
    assert _contents(engine) == before
    assert _writers(engine) == written


def test_load_packs__edited_pack_takes_its_days_and_keeps_the_old_body(
    engine: sa.Engine, tmp_path: Path
) -> None:
    path = tmp_path / "2026-03-01.yml"
    hashes = []
    for rate in ("0.13", "0.06"):
        path.write_text(OPEN_PACK.replace("RATE", rate))
        hashes += [file.pack_hash for file in load_packs(engine, [tmp_path])]
    with engine.connect() as connection:
        assert set(connection.execute(sa.select(RULE_PACK.c.pack_hash)).scalars()) == set(hashes)
        rows = connection.execute(PACK_DAY.select().order_by(PACK_DAY.c.delivery_on)).all()
    assert {row.pack_hash for row in rows} == {hashes[1]}
    assert (rows[0].delivery_on, rows[-1].delivery_on) == (date(2026, 3, 1), date(2031, 12, 31))


def test_load_packs__other_provinces_stay(engine: sa.Engine, tmp_path: Path) -> None:
    load_packs(engine, [SHANDONG])
    (tmp_path / "pack.yml").write_text(OPEN_PACK.replace("RATE", "0.13"))
    load_packs(engine, [tmp_path])
    with engine.connect() as connection:
        provinces = set(connection.execute(sa.select(PACK_DAY.c.province)).scalars())
    assert provinces == {"shandong", "testland"}


def test_load_packs__one_bad_file_leaves_the_database_as_it_was(engine: sa.Engine, tmp_path: Path) -> None:
    load_packs(engine, [SHANDONG])
    before = _contents(engine)
    (tmp_path / "good.yml").write_text(OPEN_PACK.replace("RATE", "0.13"))
    (tmp_path / "worse.yml").write_text(OPEN_PACK.replace("RATE", "13"))
    with pytest.raises(PackFileError, match=r"worse\.yml"):
        load_packs(engine, [SHANDONG, tmp_path])
    assert _contents(engine) == before

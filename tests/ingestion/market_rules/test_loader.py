"""Packs laid out in PostgreSQL: the same content by delivery date and slot, repeatable and all or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.market_rules import BUILT_IN, PackFileError, list_packs, load_packs
from ingestion.market_rules.loader import delivery_days, schedules_of
from ingestion.market_rules.reference import METADATA, PACK_DAY, RULE_PACK, TOU_DAY, TOU_SCHEDULE_SLOT

pytestmark = pytest.mark.integration

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


def test_load_packs__explodes_to_the_same_schedule_per_day(engine: sa.Engine) -> None:
    (file,) = list_packs([BUILT_IN])
    (loaded,) = load_packs(engine, [BUILT_IN])
    assert (loaded.pack_hash, loaded.days, loaded.is_new) == (file.pack_hash, 365, True)
    statement = (
        sa.select(TOU_DAY.c.delivery_on, TOU_SCHEDULE_SLOT.c.tou_period)
        .join(TOU_SCHEDULE_SLOT, TOU_SCHEDULE_SLOT.c.schedule_id == TOU_DAY.c.schedule_id)
        .order_by(TOU_DAY.c.delivery_on, TOU_SCHEDULE_SLOT.c.slot)
    )
    stored: dict[date, list[str]] = {}
    with engine.connect() as connection:
        for day, period in connection.execute(statement):
            stored.setdefault(day, []).append(period)
    grids, days = schedules_of(file.pack)
    assert stored == {day: list(grids[days[day]]) for day in delivery_days(file.pack)}


def test_load_packs__head_columns_and_body_say_what_the_pack_says(engine: sa.Engine) -> None:
    load_packs(engine, [BUILT_IN])
    with engine.connect() as connection:
        row = connection.execute(RULE_PACK.select()).one()
        illustrative = connection.execute(sa.select(TOU_DAY.c.is_illustrative).distinct()).scalars().all()
    assert (row.settlement_form, row.reference_point) == ("difference", "rt_unified")
    assert (row.mid_month_change, row.price_cap_cny_per_mwh) == ("split_by_day", None)
    assert (str(row.vat_rate), row.price_floor_cny_per_mwh, row.status) == ("0.1300", -100, "illustrative")
    assert "tou.schedule" in row.illustrative_items
    assert row.body["settlement"]["vat_rate"]["value"] == "0.13"
    assert illustrative == [True]


def test_load_packs__second_call_changes_nothing(engine: sa.Engine) -> None:
    load_packs(engine, [BUILT_IN])
    before = _contents(engine)
    (again,) = load_packs(engine, [BUILT_IN])
    assert not again.is_new
    assert _contents(engine) == before


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
    load_packs(engine, [BUILT_IN])
    (tmp_path / "pack.yml").write_text(OPEN_PACK.replace("RATE", "0.13"))
    load_packs(engine, [tmp_path])
    with engine.connect() as connection:
        provinces = set(connection.execute(sa.select(PACK_DAY.c.province)).scalars())
    assert provinces == {"shandong", "testland"}


def test_load_packs__one_bad_file_leaves_the_database_as_it_was(engine: sa.Engine, tmp_path: Path) -> None:
    load_packs(engine, [BUILT_IN])
    before = _contents(engine)
    (tmp_path / "good.yml").write_text(OPEN_PACK.replace("RATE", "0.13"))
    (tmp_path / "worse.yml").write_text(OPEN_PACK.replace("RATE", "13"))
    with pytest.raises(PackFileError, match=r"worse\.yml"):
        load_packs(engine, [BUILT_IN, tmp_path])
    assert _contents(engine) == before

"""Laying packs out in schema ``reference``: a row per delivery date, a schedule per cut of the day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, delete, text
from sqlalchemy.dialects.postgresql import insert

from ingestion.market_rules.library import PackFile, list_packs
from ingestion.market_rules.reference import PACK_DAY, RULE_PACK, TOU_DAY, TOU_SCHEDULE_SLOT
from ingestion.market_rules.schema import RulePack
from ingestion.market_rules.tou import Grid
from ingestion.market_rules.values import Item

OPEN_END_YEARS: Final = 5
"""A pack without an end is laid out through 31 December of this many years after it begins."""

_LOCK: Final = "wattledger.reference"


@dataclass(frozen=True)
class LoadedPack:
    """One pack as it now stands in ``reference``; ``is_new`` when this content was not there before."""

    province: str
    version: str
    effective_from: date
    effective_to: date | None
    pack_hash: str
    path: Path
    days: int
    is_new: bool


def delivery_days(pack: RulePack) -> list[date]:
    """The delivery dates that the pack rules, in order."""
    last = pack.effective_to or date(pack.effective_from.year + OPEN_END_YEARS, 12, 31)
    return [pack.effective_from + timedelta(days=n) for n in range((last - pack.effective_from).days + 1)]


def schedule_id(province: str, first_month: str, grid: Grid) -> str:
    """Stable name of a cut of the day, e.g. ``shandong-2026-09-1f0c9a3b``; equal cuts of a pack share it.

    Few names matter: SQL gets one CASE arm per schedule (evidence: 4 arms cost 1.4×, 24 arms 1.8×).
    """
    digest = hashlib.sha256(",".join((province, *grid)).encode()).hexdigest()
    return f"{province}-{first_month}-{digest[:8]}"


def schedules_of(pack: RulePack) -> tuple[dict[str, Grid], dict[date, str]]:
    """The pack's schedules by id, and the schedule id of each delivery date; empty without a TOU schedule."""
    seasons = pack.tou.schedule.value if pack.tou and pack.tou.schedule else None
    if seasons is None:
        return {}, {}
    grid_of_month = {month: season.grid for season in seasons for month in season.months}
    names: dict[Grid, str] = {}
    days: dict[date, str] = {}
    for day in delivery_days(pack):
        grid = grid_of_month[day.month]
        names.setdefault(grid, schedule_id(pack.province, f"{day:%Y-%m}", grid))
        days[day] = names[grid]
    return {name: grid for grid, name in names.items()}, days


def _value(item: Item[Any] | None) -> object:
    return None if item is None else item.value


def _pack_row(file: PackFile) -> dict[str, object]:
    pack, settlement = file.pack, file.pack.settlement
    row: dict[str, object] = {
        "pack_hash": file.pack_hash,
        "province": pack.province,
        "pack_version": pack.version,
        "effective_from": pack.effective_from,
        "effective_to": pack.effective_to,
        "status": pack.status,
        "illustrative_items": pack.illustrative_items,
        "body": pack.body,
    }
    for column, field in (
        ("settlement_form", "form"),
        ("reference_point", "reference_point"),
        ("price_floor_cny_per_mwh", "price_floor_cny_per_mwh"),
        ("price_cap_cny_per_mwh", "price_cap_cny_per_mwh"),
        ("vat_rate", "vat_rate"),
        ("mid_month_change", "mid_month_change"),
    ):
        row[column] = _value(getattr(settlement, field)) if settlement else None
    return row


def _tou_rows(files: Sequence[PackFile]) -> Iterator[tuple[dict[str, Grid], list[dict[str, object]]]]:
    for file in files:
        grids, days = schedules_of(file.pack)
        is_illustrative = "tou.schedule" in file.pack.illustrative_items
        yield (
            grids,
            [
                {
                    "province": file.pack.province,
                    "delivery_on": day,
                    "schedule_id": name,
                    "pack_hash": file.pack_hash,
                    "is_illustrative": is_illustrative,
                }
                for day, name in days.items()
            ],
        )


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(), rows)


def load_packs(engine: Engine, folders: Sequence[Path]) -> list[LoadedPack]:
    """Make ``reference`` say what the packs of ``folders`` say, in one transaction; repeatable.

    Packs and schedules are only ever added. The days of each province that has a pack in the folders are
    replaced; other provinces stay. Raises PackFileError, the database untouched, when a file is unusable.
    """
    files = list_packs(folders)
    provinces = sorted({file.pack.province for file in files})
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": _LOCK})
        known = set(connection.execute(RULE_PACK.select().with_only_columns(RULE_PACK.c.pack_hash)).scalars())
        _insert(connection, RULE_PACK, [_pack_row(file) for file in files])
        for table in (PACK_DAY, TOU_DAY):
            connection.execute(delete(table).where(table.c.province.in_(provinces)))
        for file in files:
            days = delivery_days(file.pack)
            key = {"province": file.pack.province, "pack_hash": file.pack_hash}
            _insert(connection, PACK_DAY, [{**key, "delivery_on": day} for day in days])
        for grids, day_rows in _tou_rows(files):
            slots: list[dict[str, object]] = [
                {"schedule_id": name, "slot": slot, "tou_period": period}
                for name, grid in grids.items()
                for slot, period in enumerate(grid, start=1)
            ]
            _insert(connection, TOU_SCHEDULE_SLOT, slots)
            _insert(connection, TOU_DAY, day_rows)
    return [
        LoadedPack(
            province=file.pack.province,
            version=file.pack.version,
            effective_from=file.pack.effective_from,
            effective_to=file.pack.effective_to,
            pack_hash=file.pack_hash,
            path=file.path,
            days=len(delivery_days(file.pack)),
            is_new=file.pack_hash not in known,
        )
        for file in files
    ]

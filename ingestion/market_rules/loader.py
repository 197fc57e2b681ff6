"""Laying packs out in schema ``reference``: a row per delivery date, a schedule per cut of the day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from ingestion.market_rules.library import PackFile, list_packs
from ingestion.market_rules.lists import list_rows
from ingestion.market_rules.reference import (
    DEVIATION_BAND,
    PACK_DAY,
    RECOVERY_BAND,
    RECOVERY_RULE,
    RULE_PACK,
    TOU_CONDITIONAL_DAY,
    TOU_DAY,
    TOU_SCHEDULE_SLOT,
)
from ingestion.market_rules.schema import RulePack
from ingestion.market_rules.sections import Condition
from ingestion.market_rules.tou import Grid, overlaid
from ingestion.market_rules.values import Item

OPEN_END_YEARS: Final = 5
"""A pack without an end is laid out through 31 December of this many years after it begins."""

Row = dict[str, object]

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
    """Stable name of a cut of the day, e.g. ``shandong-2026-09-1f0c9a3b``; equal cuts of a province share it.

    Few names matter: SQL gets one CASE arm per schedule (evidence: 4 arms cost 1.4×, 24 arms 1.8×).
    """
    digest = hashlib.sha256(",".join((province, *grid)).encode()).hexdigest()
    return f"{province}-{first_month}-{digest[:8]}"


class ScheduleNames:
    """Names of a province's schedules, each after the first month that uses it, over all packs given."""

    def __init__(self) -> None:
        """Know no schedule yet."""
        self._ids: dict[tuple[str, Grid], str] = {}

    def name(self, province: str, day: date, grid: Grid) -> str:
        """The schedule's id; a new one gets the month of ``day``."""
        return self._ids.setdefault((province, grid), schedule_id(province, f"{day:%Y-%m}", grid))

    def grids(self) -> dict[str, Grid]:
        """Every schedule named so far, by id."""
        return {name: grid for (_, grid), name in self._ids.items()}


def schedules_of(
    pack: RulePack, names: ScheduleNames | None = None
) -> tuple[dict[str, Grid], dict[date, str]]:
    """The pack's schedules by id, and the schedule id of each delivery date; empty without a TOU schedule.

    Conditions are left aside: see ``conditional_days``.
    """
    names = names or ScheduleNames()
    grid_of_month = _grids_by_month(pack)
    days = {day: grid_of_month[day.month] for day in delivery_days(pack)} if grid_of_month else {}
    named = {day: names.name(pack.province, day, grid) for day, grid in days.items()}
    return {named[day]: grid for day, grid in days.items()}, named


def province_schedules(folders: Sequence[Path]) -> dict[str, Grid]:
    """Every schedule by the id under which ``load_packs`` lays it out, conditional ones included.

    Raises PackFileError when a file is not usable.
    """
    names = ScheduleNames()
    for file in list_packs(folders):
        schedules_of(file.pack, names)
        conditional_days(file.pack, names)
    return names.grids()


def conditional_days(pack: RulePack, names: ScheduleNames) -> dict[date, tuple[Condition, str]]:
    """The days that a condition may change: the condition, and the schedule when it holds."""
    grid_of_month = _grids_by_month(pack)
    found = {}
    for day in delivery_days(pack) if pack.tou and grid_of_month else []:
        condition = pack.tou.condition_of(day.month) if pack.tou else None
        if condition is not None:
            grid = overlaid(grid_of_month[day.month], condition.periods)
            found[day] = (condition, names.name(pack.province, day, grid))
    return found


def _grids_by_month(pack: RulePack) -> dict[int, Grid]:
    seasons = pack.tou.schedule.value if pack.tou and pack.tou.schedule else None
    return {month: season.grid for season in seasons or [] for month in season.months}


def _value(item: Item[Any] | None) -> object:
    return None if item is None else item.value


def _pack_row(file: PackFile) -> Row:
    pack, settlement = file.pack, file.pack.settlement
    row: Row = {
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
        ("granularity", "granularity"),
        ("month_end_meter_difference", "month_end_meter_difference"),
        ("suspended_price", "suspended_price"),
        ("balance_energy_price", "balance_energy_price"),
        ("required_items", "required_items"),
    ):
        row[column] = _value(getattr(settlement, field)) if settlement else None
    bands = settlement.deviation_bands if settlement else None
    row["deviation_bands"] = None if bands is None or bands.value is None else len(bands.value)
    return row


def _pack_days(file: PackFile) -> list[Row]:
    key: Row = {"province": file.pack.province, "pack_hash": file.pack_hash}
    return [{**key, "delivery_on": day} for day in delivery_days(file.pack)]


def _tou_rows(file: PackFile, names: ScheduleNames) -> list[Row]:
    _, days = schedules_of(file.pack, names)
    is_illustrative = "tou.schedule" in file.pack.illustrative_items
    return [
        {
            "province": file.pack.province,
            "delivery_on": day,
            "schedule_id": name,
            "pack_hash": file.pack_hash,
            "is_illustrative": is_illustrative,
        }
        for day, name in days.items()
    ]


def _conditional_rows(file: PackFile, names: ScheduleNames) -> list[Row]:
    is_illustrative = "tou.conditions" in file.pack.illustrative_items
    return [
        {
            "province": file.pack.province,
            "delivery_on": day,
            "condition_code": condition.code,
            "description": condition.description,
            "decided_by": condition.decided_by,
            "schedule_id": name,
            "tariff_class": condition.tariff_class,
            "min_capacity_kva": condition.min_capacity_kva,
            "holidays": ",".join((condition.calendar and condition.calendar.holidays) or []) or None,
            "min_holiday_days": condition.calendar.min_days if condition.calendar else None,
            "is_on_weekends": bool(condition.calendar and condition.calendar.weekends),
            "pack_hash": file.pack_hash,
            "is_illustrative": is_illustrative,
        }
        for day, (condition, name) in conditional_days(file.pack, names).items()
    ]


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(), rows)


def _replace(connection: Connection, table: Table, provinces: Sequence[str], rows: Sequence[Row]) -> None:
    """Make ``rows`` the provinces' days; where they are so already, nothing is written."""
    of_provinces = table.c.province.in_(provinces)
    standing = {tuple(row) for row in connection.execute(select(table).where(of_provinces))}
    if standing != {tuple(row[column.name] for column in table.columns) for row in rows}:
        connection.execute(delete(table).where(of_provinces))
        _insert(connection, table, rows)


def _add_schedules(connection: Connection, names: ScheduleNames) -> None:
    """Lay out the schedules that are not there; an id stands for its grid, so one that is stays."""
    known = set(connection.execute(select(TOU_SCHEDULE_SLOT.c.schedule_id).distinct()).scalars())
    rows = [
        {"schedule_id": name, "slot": slot, "tou_period": period}
        for name, grid in names.grids().items()
        if name not in known
        for slot, period in enumerate(grid, start=1)
    ]
    _insert(connection, TOU_SCHEDULE_SLOT, rows)


def load_packs(engine: Engine, folders: Sequence[Path]) -> list[LoadedPack]:
    """Make ``reference`` say what the packs of ``folders`` say, in one transaction; repeatable.

    Packs and schedules are only ever added. The days of each province that has a pack in the folders are
    replaced if they say something else; other provinces stay. Raises PackFileError, the database untouched,
    when a file is unusable.
    """
    files = list_packs(folders)
    provinces = sorted({file.pack.province for file in files})
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": _LOCK})
        known = set(connection.execute(RULE_PACK.select().with_only_columns(RULE_PACK.c.pack_hash)).scalars())
        _insert(connection, RULE_PACK, [_pack_row(file) for file in files])
        for table in (DEVIATION_BAND, RECOVERY_RULE, RECOVERY_BAND):
            _insert(connection, table, [row for file in files for row in list_rows(table, file)])
        names = ScheduleNames()
        days: dict[Table, list[Row]] = {PACK_DAY: [], TOU_DAY: [], TOU_CONDITIONAL_DAY: []}
        for file in files:
            days[PACK_DAY] += _pack_days(file)
            days[TOU_DAY] += _tou_rows(file, names)
            days[TOU_CONDITIONAL_DAY] += _conditional_rows(file, names)
        for table, rows in days.items():
            _replace(connection, table, provinces, rows)
        _add_schedules(connection, names)
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

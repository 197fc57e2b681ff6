"""Master data that VEE needs, as last known: meters, capacity, province, main point, register readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar

import numpy as np
import psycopg

from ingestion.vee.registers import Meter, Reading
from ingestion.vee.shares import Ints

T = TypeVar("T")
_FOREVER: Final = date(9999, 12, 31)
_VALID_TO: Final = """
least(coalesce(effective_to, date '9999-12-31'), coalesce(
    lead(effective_from) over (partition by {object} order by effective_from) - 1, date '9999-12-31'))
"""
_POINTS: Final = f"""
with head as (
    select distinct on (metering_point_id, effective_from) * from landing.metering_point
    order by metering_point_id, effective_from, version desc
)
select metering_point_id, effective_from, {_VALID_TO.format(object="metering_point_id")},
    account_id, meter_id, ct_ratio * pt_ratio, main_point_id
from head order by metering_point_id, effective_from
"""
_CAPACITY: Final = f"""
with head as (
    select distinct on (account_id, effective_from) * from landing.account
    order by account_id, effective_from, version desc
)
select account_id, effective_from, {_VALID_TO.format(object="account_id")}, capacity_kva from head
"""
_PROVINCE: Final = """
select distinct on (member.account_id) member.account_id, contract.province
from landing.contract_account member join landing.contract using (contract_id)
order by member.account_id, contract.effective_to desc, contract.version desc
"""
_READINGS: Final = """
select distinct on (r.metering_point_id, r.channel, r.read_at)
    r.metering_point_id, r.channel, r.read_at, r.register_kwh, b.known_at
from landing.register_reading r join landing.batch b using (batch_id)
where r.metering_point_id = any(%(points)s) and r.kind = any(%(kinds)s) and r.register_kwh is not null
    and r.read_at between %(first)s and %(last)s
order by r.metering_point_id, r.channel, r.read_at, r.kind = 'live', r.version desc
"""
_SCHEDULES: Final = """
select d.province, d.delivery_on, s.slot, s.tou_period
from reference.tou_day d join reference.tou_schedule_slot s using (schedule_id)
where d.province = %s and d.delivery_on between %s and %s
"""
FREEZES: Final = ("daily_freeze", "monthly_freeze")
ALL_KINDS: Final = (*FREEZES, "live")
REACH: Final = timedelta(days=62)
"""How far from a day a register reading may lie and still bound its energy: two monthly freezes."""


@dataclass
class Point:
    """A metering point's dated records."""

    meters: list[Meter] = field(default_factory=list)
    accounts: list[tuple[date, date, str]] = field(default_factory=list)
    mains: list[tuple[date, date, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Master:
    """Points by id, capacity in kVA of accounts by date, provinces of accounts."""

    points: Mapping[str, Point]
    capacity: Mapping[str, Sequence[tuple[date, date, int]]]
    province: Mapping[str, str]
    subs: Mapping[str, Sequence[str]]

    def meters(self, point_id: str) -> Sequence[Meter]:
        """Meters of a point; none for an unknown one."""
        return self.points[point_id].meters if point_id in self.points else ()

    def account_on(self, point_id: str, day: date) -> str | None:
        """Account of a point on a day."""
        return _on(self.points[point_id].accounts, day) if point_id in self.points else None

    def main_on(self, point_id: str, day: date) -> str | None:
        """Main point of a sub-point on a day."""
        return _on(self.points[point_id].mains, day) if point_id in self.points else None

    def capacity_on(self, point_id: str, day: date) -> int | None:
        """Transformer capacity in kVA of the point's account on a day."""
        account = self.account_on(point_id, day)
        return _on(self.capacity.get(account, ()), day) if account else None

    def province_on(self, point_id: str, day: date) -> str | None:
        """Province of the contracts of the point's account."""
        account = self.account_on(point_id, day)
        return self.province.get(account) if account else None

    def group(self, point_id: str) -> str:
        """A name that a main point and all its sub-points share."""
        mains = self.points[point_id].mains if point_id in self.points else []
        return mains[-1][2] if mains else point_id

    def siblings(self, main_id: str, day: date) -> list[str]:
        """Sub-points of a main point on a day."""
        return [sub for sub in self.subs.get(main_id, ()) if self.main_on(sub, day) == main_id]


def _on(records: Sequence[tuple[date, date, T]], day: date) -> T | None:
    """The value that holds on a day."""
    return next((value for first, last, value in records if first <= day <= last), None)


def read_master(pg: psycopg.Connection[Any]) -> Master:
    """Read points, accounts and contracts as last known."""
    points: dict[str, Point] = {}
    subs: dict[str, list[str]] = {}
    for point_id, first, last, account, meter, multiplier, main in pg.execute(_POINTS):
        point = points.setdefault(point_id, Point())
        point.meters.append(Meter(first, last, meter, Decimal(multiplier)))
        point.accounts.append((first, last, account))
        if main and main != point_id:
            point.mains.append((first, last, main))
            if point_id not in subs.setdefault(main, []):
                subs[main].append(point_id)
    capacity: dict[str, list[tuple[date, date, int]]] = {}
    for account, first, last, kva in pg.execute(_CAPACITY):
        capacity.setdefault(account, []).append((first, last, kva))
    province = dict(pg.execute(_PROVINCE).fetchall())
    return Master(points, capacity, province, subs)


def read_readings(
    pg: psycopg.Connection[Any], points: Iterable[str], kinds: Sequence[str], first: date, last: date
) -> dict[tuple[str, str], list[Reading]]:
    """Register readings per (point, channel) around ``first`` … ``last``; a freeze beats a live one."""
    wanted = {
        "points": sorted(points),
        "kinds": list(kinds),
        "first": first - REACH,
        "last": min(last, _FOREVER - REACH) + REACH,
    }
    found: dict[tuple[str, str], list[Reading]] = {}
    for point_id, channel, read_at, kwh, known_at in pg.execute(_READINGS, wanted):
        found.setdefault((point_id, channel), []).append(Reading(read_at, kwh, known_at))
    return found


def read_periods(pg: psycopg.Connection[Any], province: str, first: date, last: date) -> dict[date, Ints]:
    """Number of the TOU period of each slot (96,), per day that has a schedule."""
    numbers: dict[str, int] = {}
    days: dict[date, Ints] = {}
    for _, day, slot, period in pg.execute(_SCHEDULES, (province, first, last)):
        days.setdefault(day, np.zeros(96, dtype=np.int64))[slot - 1] = numbers.setdefault(
            period, len(numbers)
        )
    return days

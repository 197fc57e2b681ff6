"""Land what VEE or a person concluded: one transaction, one batch per moment of knowledge.

A batch counts the meter-day versions that it lands; verdicts and flags on older versions are no records of
their own. Under the intake's lock, so that versions and batch_seq stay in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from ingestion.landing import LOCK_KEY
from ingestion.tables import partition_call
from ingestion.vee.findings import Estimate, Flag, Verdict, VersionFlags
from ingestion.vee.rules import VEE_SOURCE
from ingestion.vee.store import Key, moment_of

_SLOTS: Final = [f"p{slot:02d}" for slot in range(1, 97)]
_NUMBER: Final = """
select coalesce(max(version), 0) + 1 from landing.meter_day
where metering_point_id = %s and channel = %s and delivery_on = %s
"""
_BATCH: Final = """
insert into landing.batch (batch_seq, feed, source, file_name, sha256, known_at, known_at_declared,
                           rows_delivered, rows_landed, rows_quarantined)
select coalesce(max(batch_seq), 0) + 1, 'meter_day', %(source)s, %(name)s, %(sha256)s, %(known_at)s, true,
    %(rows)s::int, %(rows)s::int, 0
from landing.batch
returning batch_id
"""
_VERSION: Final = f"""
insert into landing.meter_day (metering_point_id, channel, delivery_on, quality, source, {", ".join(_SLOTS)},
    version, batch_id, line_no)
values (%s, %s, %s, %s, %s, {", ".join(["%s"] * 96)}, %s, %s, %s)
"""
_FLAG: Final = """
insert into landing.meter_slot_flag (metering_point_id, channel, delivery_on, version, slot, rule_code,
    flagged_by, reason, batch_id)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""
_VERDICT: Final = """
insert into landing.meter_day_verdict (metering_point_id, channel, delivery_on, version, verdict, rule_codes,
    decided_by, reason, batch_id)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass
class Package:
    """What became known at one moment. ``versions`` land with ``quality``; the rest is about older ones."""

    known_at: int
    versions: list[Estimate] = field(default_factory=list)
    flags: list[VersionFlags] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def digest(self, salt: str) -> str:
        """SHA-256 over all of it."""
        parts = [salt, str(self.known_at)]
        parts += [repr((one.key, one.signature())) for one in self.versions]
        parts += [repr((one.key, one.version, one.flags)) for one in self.flags]
        parts += [repr(one) for one in self.verdicts]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def packages(
    estimates: Sequence[Estimate], flags: Sequence[VersionFlags], verdicts: Sequence[Verdict]
) -> list[Package]:
    """Conclusions by the moment at which they could be known, in order of time."""
    found: dict[int, Package] = {}
    for one in estimates:
        found.setdefault(one.known_at, Package(one.known_at)).versions.append(one)
    for two in flags:
        found.setdefault(two.known_at, Package(two.known_at)).flags.append(two)
    for three in verdicts:
        found.setdefault(three.known_at, Package(three.known_at)).verdicts.append(three)
    for package in found.values():
        package.versions.sort(key=lambda one: one.key)
        package.flags.sort(key=lambda one: (one.key, one.version))
        package.verdicts.sort(key=lambda one: (one.key, one.version))
    return [found[moment] for moment in sorted(found)]


def write(
    pg: psycopg.Connection[Any],
    parcels: Sequence[Package],
    *,
    salt: str,
    name: str,
    by: str = VEE_SOURCE,
    source: str = VEE_SOURCE,
    quality: str = "estimated",
) -> int:
    """Land the packages; returns the number of batches. All or nothing."""
    months = sorted({one.key[2].replace(day=1) for parcel in parcels for one in parcel.versions})
    with pg.transaction():
        pg.execute("select pg_advisory_xact_lock(%s)", (LOCK_KEY,))
        for month in months:
            pg.execute(partition_call("meter_day"), (month,))
        for parcel in parcels:
            _land(pg, parcel, salt, name, by, source, quality)
    return len(parcels)


def _land(
    pg: psycopg.Connection[Any], parcel: Package, salt: str, name: str, by: str, source: str, quality: str
) -> None:
    """One batch."""
    values = {
        "source": source,
        "name": name,
        "sha256": parcel.digest(salt),
        "known_at": moment_of(parcel.known_at),
        "rows": len(parcel.versions),
    }
    batch = pg.execute(_BATCH, values).fetchone()
    assert batch is not None
    versions: list[tuple[Any, ...]] = []
    flags: list[tuple[Any, ...]] = []
    for line_no, one in enumerate(parcel.versions, start=1):
        number = pg.execute(_NUMBER, one.key).fetchone()
        assert number is not None
        versions.append((*one.key, quality, source, *one.wh.tolist(), number[0], batch[0], line_no))
        flags += _flag_rows(one.key, number[0], one.flags, by, batch[0])
    for two in parcel.flags:
        flags += _flag_rows(two.key, two.version, two.flags, by, batch[0])
    with pg.cursor() as cursor:
        cursor.executemany(_VERSION, versions)
        cursor.executemany(_FLAG, flags)
        cursor.executemany(
            _VERDICT,
            [(*v.key, v.version, v.verdict, v.rule_codes, by, v.reason, batch[0]) for v in parcel.verdicts],
        )


def _flag_rows(
    key: Key, version: int, flags: Sequence[Flag], by: str, batch_id: int
) -> list[tuple[Any, ...]]:
    return [(*key, version, one.slot, one.rule_code, one.by or by, one.reason, batch_id) for one in flags]

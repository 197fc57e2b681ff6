"""One VEE run: look at what changed, conclude, land only what is new. Safe to repeat.

It reads from one snapshot of landing and reads no clock; ``business_on`` says which days are overdue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import psycopg
from sqlalchemy import Engine

from ingestion.vee.calendar import china
from ingestion.vee.changes import changed_keys
from ingestion.vee.examine import Conclusions, Examiner
from ingestion.vee.findings import Estimate, VersionFlags
from ingestion.vee.levelling import level_months, month_days
from ingestion.vee.master import Master, read_master
from ingestion.vee.parameters import ParameterBook, read_parameters
from ingestion.vee.store import Key, stage_keys
from ingestion.vee.writing import packages, write

_RUN_LOCK: Final = 7_164_553_202
_GROUP_KEYS: Final = 8_000
_THROUGH: Final = "select coalesce(max(batch_seq), 0) from landing.batch"
_OWN: Final = """
select distinct on (k.key_id) k.key_id, array[{slots}], m.version from vee_key k
join landing.meter_day m using (metering_point_id, channel, delivery_on)
where m.source = 'vee' order by k.key_id, m.version desc
""".format(slots=", ".join(f"m.p{slot:02d}" for slot in range(1, 97)))
_FLAGS: Final = """
select k.key_id, f.version, f.slot, f.rule_code from vee_key k
join landing.meter_slot_flag f using (metering_point_id, channel, delivery_on) where f.flagged_by = 'vee'
"""
Progress = Callable[[int, int, str], None]
Signature = tuple[tuple[int, ...], tuple[tuple[int, str], ...]]


@dataclass(frozen=True)
class VeeReport:
    """What a run did. ``rules``: flags landed per rule. ``unestimated``: days without an estimate."""

    business_on: date
    after_batch_seq: int
    through_batch_seq: int
    looked_at: int
    batches: int
    estimated_days: int
    verdicts: int
    rules: dict[str, int] = field(default_factory=dict)
    unestimated: list[Key] = field(default_factory=list)


def run_vee(
    engine: Engine, business_on: date, *, after_batch_seq: int = 0, on_progress: Progress | None = None
) -> VeeReport:
    """Validate and estimate the meter-days whose inputs came in batches after ``after_batch_seq``.

    0 looks at everything. Raises TypeError for an engine that is not psycopg 3, psycopg.Error when the
    database fails; then nothing has landed. A second run at the same time waits.
    """
    with closing(engine.connect().execution_options(isolation_level="AUTOCOMMIT")) as connection:
        pg = connection.connection.driver_connection
        if not isinstance(pg, psycopg.Connection):
            raise TypeError("VEE needs an engine of the psycopg 3 driver (postgresql+psycopg://)")
        pg.execute("select pg_advisory_lock(%s)", (_RUN_LOCK,))
        try:
            return _run(pg, business_on, after_batch_seq, on_progress)
        finally:
            if not pg.broken:
                pg.execute("select pg_advisory_unlock(%s)", (_RUN_LOCK,))


def _run(
    pg: psycopg.Connection[Any], business_on: date, after: int, on_progress: Progress | None
) -> VeeReport:
    found = Conclusions()
    with pg.transaction():
        pg.execute("set transaction isolation level repeatable read")
        row = pg.execute(_THROUGH).fetchone()
        assert row is not None
        through = int(row[0])
        master, book = read_master(pg), read_parameters(pg)
        changed, overdue = changed_keys(pg, master, business_on, after)
        changed = _whole_months(changed, master, book)
        examiner = Examiner(pg, master, book, china(), overdue, business_on)
        done = 0
        for group in _groups(changed, master):
            _examine(pg, examiner, group, found)
            done += len(group)
            if on_progress:
                on_progress(done, len(changed), f"VEE to {group[-1][0]}")
        estimates, flags = _only_new(pg, found)
    parcels = packages(estimates, flags, found.verdicts)
    batches = write(pg, parcels, salt=f"vee {through}", name=f"vee through batch {through}")
    landed = [flag.rule_code for one in estimates for flag in one.flags]
    landed += [flag.rule_code for one in flags for flag in one.flags]
    return VeeReport(
        business_on, after, through, len(changed), batches, len(estimates), len(found.verdicts),
        dict(sorted(Counter(landed).items())), sorted(set(found.unestimated)),
    )  # fmt: skip


def _examine(pg: psycopg.Connection[Any], examiner: Examiner, group: list[Key], found: Conclusions) -> None:
    """Add a group's conclusions."""
    judge, drafts, own = examiner.examine(group)
    level_months(pg, judge, drafts, group, own)
    found.verdicts += own.verdicts
    found.flags += own.flags
    found.estimates += own.estimates
    found.unestimated += own.unestimated


def _whole_months(keys: set[Key], master: Master, book: ParameterBook) -> set[Key]:
    """Where months are levelled, one changed day concerns its whole month."""
    more: set[Key] = set()
    for point_id, channel, first in {(*key[:2], key[2].replace(day=1)) for key in keys}:
        if book.of(master.province_on(point_id, first), first).levels_months:
            more.update((point_id, channel, day) for day in month_days(first))
    return keys | more


def _groups(keys: set[Key], master: Master) -> Iterator[list[Key]]:
    """Keys in groups of some thousands; a main point and its sub-points, and each series, stay together."""
    group: list[Key] = []
    last = None
    for name, key in sorted((master.group(key[0]), key) for key in keys):
        if len(group) >= _GROUP_KEYS and name != last:
            yield group
            group = []
        group.append(key)
        last = name
    if group:
        yield group


def _only_new(pg: psycopg.Connection[Any], found: Conclusions) -> tuple[list[Estimate], list[VersionFlags]]:
    """Estimates that differ from VEE's latest of the day, and flags that are not there yet."""
    keys = sorted({one.key for one in found.estimates} | {one.key for one in found.flags})
    if not keys:
        return [], []
    stage_keys(pg, keys)
    flagged: dict[tuple[Key, int], set[tuple[int, str]]] = {}
    for number, version, slot, code in pg.execute(_FLAGS):
        flagged.setdefault((keys[number], version), set()).add((slot, code))
    own: dict[Key, Signature] = {}
    for number, slots, version in pg.execute(_OWN):
        key = keys[number]
        own[key] = (tuple(slots), tuple(sorted(flagged.get((key, version), ()))))
    estimates = [one for one in found.estimates if own.get(one.key) != one.signature()]
    flags = []
    for one in found.flags:
        there = flagged.get((one.key, one.version), set())
        fresh = tuple(flag for flag in one.flags if (flag.slot, flag.rule_code) not in there)
        if fresh:
            flags.append(VersionFlags(one.key, one.version, fresh, one.known_at))
    return estimates, flags

"""Look at a group of changed meter-days: judge their versions, estimate where nothing trusted is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import psycopg

from ingestion.feeds.columns import CHINA
from ingestion.vee import rules
from ingestion.vee.calendar import Calendar
from ingestion.vee.changes import OVERDUE_DAYS
from ingestion.vee.estimation import Draft, SeriesView, Typical, estimate
from ingestion.vee.findings import Estimate, Flag, Verdict, VersionFlags
from ingestion.vee.judging import Judge, Series, build_series
from ingestion.vee.master import ALL_KINDS, FREEZES, REACH, Master, read_readings
from ingestion.vee.parameters import ParameterBook
from ingestion.vee.registers import boundary
from ingestion.vee.shares import Bools, Ints
from ingestion.vee.store import ESTIMATED, Key, Store, microseconds


@dataclass
class Conclusions:
    """All that was concluded; ``unestimated``: days that no rung of the ladder reaches."""

    verdicts: list[Verdict] = field(default_factory=list)
    flags: list[VersionFlags] = field(default_factory=list)
    estimates: list[Estimate] = field(default_factory=list)
    unestimated: list[Key] = field(default_factory=list)


@dataclass
class Examiner:
    """What stays the same for all groups of one run."""

    pg: psycopg.Connection[Any]
    master: Master
    book: ParameterBook
    calendar: Calendar
    overdue: set[Key]
    business_on: date

    def examine(self, keys: Sequence[Key]) -> tuple[Judge, dict[Key, Draft], Conclusions]:
        """Verdicts, flags and estimates of the keys; the judge and drafts serve the levelling of months."""
        store = Store(self.pg)
        store.ensure([*keys, *self._context(keys)])
        first, last = min(key[2] for key in keys), max(key[2] for key in keys)
        readings = read_readings(self.pg, {key[0] for key in keys}, FREEZES, first, last)
        judge = Judge(store, self.master, self.book, build_series(readings, self.master, first - REACH))
        stored = list(zip(store.verdict, store.codes, strict=True))
        rows = judge.judge(keys)
        found = Conclusions()
        self._conclude(judge, rows, stored, found)
        drafts = self._estimate(judge, keys, found)
        return judge, drafts, found

    def _context(self, keys: Iterable[Key]) -> set[Key]:
        """The days before, and the main and sub-points of the same day."""
        found: set[Key] = set()
        for point_id, channel, day in keys:
            back = self.book.of(self.master.province_on(point_id, day), day).spike_days
            found.update((point_id, channel, day - timedelta(days=n)) for n in range(1, back + 1))
            if main := self.master.main_on(point_id, day):
                found.update((p, channel, day) for p in (main, *self.master.siblings(main, day)))
        return found

    def _conclude(
        self, judge: Judge, rows: list[int], stored: list[tuple[str, str]], found: Conclusions
    ) -> None:
        """Note the flags, and every verdict that differs from the one in landing."""
        store = judge.store
        for row in rows:
            key, version = store.keys[store.key[row]], int(store.version[row])
            findings = judge.findings.get(row, [])
            for one in findings:
                found.flags.append(VersionFlags(key, version, tuple(one.flags()), one.known_at))
            before, codes = stored[row]
            if before == "withdrawn":
                continue
            if codes == rules.MONTH_DIFFERENCE and store.verdict[row] == "valid":
                continue  # for the levelling of months to decide
            if (store.verdict[row], store.codes[row]) == (before, codes):
                continue
            failures = [one for one in findings if one.is_failure]
            newest = max([int(store.known_at[row]), *(one.known_at for one in failures)])
            if not failures:
                newest = max(newest, self._newest_evidence(judge, key))
            reason = "; ".join(one.reason for one in failures) or f"no longer breaks {codes}"
            found.verdicts.append(
                Verdict(key, version, store.verdict[row], store.codes[row] or codes, reason, newest)
            )

    def _newest_evidence(self, judge: Judge, key: Key) -> int:
        """When the newest register reading of a day or curve of its main point was known."""
        series = judge.series.get(key[:2])
        start = 96 * (key[2] - series.origin).days if series else 0
        known = (
            [s.known_at_us for s in series.spans if s.first < start + 96 and s.last > start] if series else []
        )
        if main := self.master.main_on(key[0], key[2]):
            base = judge.store.base((main, key[1], key[2]))
            known += [int(judge.store.known_at[base])] if base >= 0 else []
        return max(known, default=0)

    def _estimate(self, judge: Judge, keys: Sequence[Key], found: Conclusions) -> dict[Key, Draft]:
        """Estimate the keys without a trusted version, and the days that share a known total with them."""
        store = judge.store
        needing = {key for key in keys if self._needs(store, key)}
        if not needing:
            return {}
        first, last = min(k[2] for k in needing), max(k[2] for k in needing)
        readings = read_readings(self.pg, {key[0] for key in needing}, ALL_KINDS, first, last)
        series = build_series(readings, self.master, first - REACH)
        wanted: set[Key] = set()
        for point_id, channel, day in needing:
            wanted.update((point_id, channel, other) for other in self._evidence_days(judge, point_id, day))
            for span in series[point_id, channel].spans if (point_id, channel) in series else ():
                start = 96 * (day - (first - REACH)).days
                if span.first < start + 96 and span.last > start:
                    days = range(span.first // 96, (span.last - 1) // 96 + 1)
                    wanted.update((point_id, channel, first - REACH + timedelta(days=n)) for n in days)
        store.ensure(wanted)
        drafts: dict[Key, Draft] = {}
        for group in sorted({key[:2] for key in needing}):
            one = [key for key in needing if key[:2] == group]
            shared = [k for k in wanted if k[:2] == group and k not in needing and self._needs(store, k)]
            shared = [k for k in shared if store.base(k) >= 0]
            mine = {key[2]: self._draft(judge, key) for key in (*one, *shared)}
            estimate(self._view(judge, series, (*group, min(mine)), first - REACH), mine)
            drafts |= {(*group, day): draft for day, draft in mine.items()}
        self._collect(store, drafts, found)
        return drafts

    def _needs(self, store: Store, key: Key) -> bool:
        """Whether a day that is over has nothing that is trusted as much as an estimate."""
        if key[2] >= self.business_on:
            return False
        base = store.base(key)
        return int(store.trust()[base]) < ESTIMATED if base >= 0 else key in self.overdue

    def _evidence_days(self, judge: Judge, point_id: str, day: date) -> set[date]:
        weeks = self.book.of(self.master.province_on(point_id, day), day).typical_weeks
        days = {other for _, group in self.calendar.reference_days(day, weeks) for other in group}
        return days | {day - timedelta(days=1), day + timedelta(days=1)}

    def _draft(self, judge: Judge, key: Key) -> Draft:
        """The day as delivered, with its bad slots; nothing at all for an overdue one."""
        store, base = judge.store, judge.store.base(key)
        if base < 0:
            overdue = datetime(key[2].year, key[2].month, key[2].day, tzinfo=CHINA) + timedelta(
                days=OVERDUE_DAYS
            )
            wh, bad = np.zeros(96, dtype=np.int64), np.ones(96, dtype=np.bool_)
            return Draft(key[2], wh, bad, microseconds(overdue.astimezone(UTC)))
        wh, bad = store.wh[base].copy(), store.missing[base].copy()
        newest = max(
            [int(store.known_at[base]), *(f.known_at for f in judge.findings.get(base, ()) if f.is_failure)]
        )
        draft = Draft(key[2], wh, bad, newest)
        draft.bad = draft.bad | judge.bad.get(base, np.zeros(96, dtype=np.bool_))
        if rules.METER_DAY_ERROR in store.codes[base] and not store.missing[base].any():
            draft.own_shape = store.wh[base].copy()
        if base in judge.caps:
            cap = judge.caps[base]
            places = np.flatnonzero(cap != store.wh[base])
            places = places[draft.bad[places]]
            reason = f"capped to main point {self.master.main_on(key[0], key[2])}"
            draft.bad[:] = draft.bad & (cap == store.wh[base]) & ~_only_capped(judge, base)
            draft.fill(places, cap[places], rules.EST_SUB_CAPPED, reason, newest)
        return draft

    def _view(
        self, judge: Judge, series: Mapping[tuple[str, str], Series], key: Key, origin: date
    ) -> SeriesView:
        """What the ladder may know of the series of a key."""
        store, (point_id, channel, _) = judge.store, key
        own = series.get((point_id, channel))

        def good(day: date) -> tuple[Ints, Bools, int] | None:
            base = store.base((point_id, channel, day))
            return (
                (store.wh[base], store.missing[base], int(store.known_at[base]))
                if store.usable(base)
                else None
            )

        def typical(day: date) -> Typical | None:
            weeks = self.book.of(self.master.province_on(point_id, day), day).typical_weeks
            for name, days in self.calendar.reference_days(day, weeks):
                rows = [r for d in days if store.usable(r := store.base((point_id, channel, d)))]
                if rows:
                    return Typical(name, store.wh[rows], int(store.known_at[rows].max()))
            return None

        first_reading = None
        if own is not None and own.readings:
            reading = min(own.readings, key=lambda one: one.read_at)
            at = boundary(reading.read_at, origin)
            if at is not None:
                first_reading = (at, reading.register_kwh == 0, microseconds(reading.known_at))
        return SeriesView(
            origin,
            own.spans if own is not None else [],
            self.master.meters(point_id),
            first_reading,
            typical,
            good,
            judge.parameters(key).freeze_tolerance_rate,
            judge.limit_wh(key),
        )

    def _collect(self, store: Store, drafts: dict[Key, Draft], found: Conclusions) -> None:
        """Whole drafts are estimates; the others stay missing, and are told."""
        for key, draft in drafts.items():
            if draft.bad.any():
                found.unestimated.append(key)
                continue
            found.estimates.append(estimate_of(key, draft))


def estimate_of(key: Key, draft: Draft) -> Estimate:
    """The estimate that a whole draft makes."""
    flags = tuple(Flag(place + 1, code, reason) for place, (code, reason) in sorted(draft.rule.items()))
    return Estimate(key, draft.wh, flags, draft.known_at)


def _only_capped(judge: Judge, row: int) -> Bools:
    """Slots that are bad for no other reason than their main point."""
    others = np.zeros(96, dtype=np.bool_)
    capped = np.zeros(96, dtype=np.bool_)
    for finding in judge.findings.get(row, ()):
        if finding.is_failure:
            mask = np.zeros(96, dtype=np.bool_)
            mask[[slot - 1 for slot in finding.slots] if finding.slots else slice(None)] = True
            if finding.rule_code == rules.SUB_ABOVE_MAIN:
                capped |= mask
            else:
                others |= mask
    return np.asarray(capped & ~others & ~judge.store.missing[row])

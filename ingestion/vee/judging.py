"""Apply the validation rules to the versions of changed meter-days, and reach a verdict on each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from ingestion.vee import rules, validation
from ingestion.vee.findings import Finding, failing_codes
from ingestion.vee.master import Master
from ingestion.vee.parameters import ParameterBook
from ingestion.vee.registers import Reading, Span, spans_of
from ingestion.vee.rules import Parameters
from ingestion.vee.shares import Bools, Ints, capped
from ingestion.vee.store import Key, Store

ACTIVE = ("active_import", "active_export")
MIN_HISTORY = 3


@dataclass
class Series:
    """Registers of one point and channel as spans, numbered from ``origin``."""

    origin: date
    spans: list[Span]
    readings: Sequence[Reading]


@dataclass
class Judge:
    """Findings per row of the store, with what the estimation needs of them."""

    store: Store
    master: Master
    book: ParameterBook
    series: Mapping[tuple[str, str], Series]
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    # per row: slots that may not stay as they are; slots of sub-points capped to their main point; the rules
    # behind the verdict in landing
    bad: dict[int, Bools] = field(default_factory=dict)
    caps: dict[int, Ints] = field(default_factory=dict)
    stored_codes: dict[int, str] = field(default_factory=dict)

    def judge(self, keys: Iterable[Key]) -> list[int]:
        """Check every version of the keys; sets verdicts in the store and returns the rows."""
        numbers = [self.store.number[key] for key in sorted(set(keys))]
        rows = np.flatnonzero(np.isin(self.store.key, np.array(numbers, dtype=np.int64)))
        self.stored_codes = {row: self.store.codes[row] for row in rows.tolist()}
        groups: dict[int, tuple[Parameters, list[int]]] = {}
        for row in rows.tolist():
            parameters = self.parameters(self.store.keys[self.store.key[row]])
            groups.setdefault(id(parameters), (parameters, []))[1].append(row)
        for parameters, members in groups.values():
            self._capacity(np.array(members), parameters)
        for row in rows.tolist():
            self._registers(row)
        self._settle(rows.tolist())
        for row in rows.tolist():
            self._main(row)
        for parameters, members in groups.values():
            self._history(np.array(members), parameters)
        self._settle(rows.tolist())
        return [int(row) for row in rows]

    def parameters(self, key: Key) -> Parameters:
        """Parameters of a meter-day."""
        return self.book.of(self.master.province_on(key[0], key[2]), key[2])

    def limit_wh(self, key: Key) -> int:
        """Largest Wh a slot may hold; -1 when no capacity is known or the channel is reactive."""
        kva = self.master.capacity_on(key[0], key[2]) if key[1] in ACTIVE else None
        factor = self.parameters(key).capacity_factor
        return -1 if kva is None else validation.capacity_limit_wh(kva, factor)

    def add(self, row: int, code: str, slots: Bools | None, reason: str, known_at: int | None = None) -> bool:
        """Note a finding; returns whether it makes the version fail."""
        effect = self.parameters(self.store.keys[self.store.key[row]]).effect(code)
        if effect == "off" or self.store.quality[row] == 2:  # a person answers for an edit
            return False
        places = tuple((np.flatnonzero(slots) + 1).tolist()) if slots is not None else ()
        newest = max(int(self.store.known_at[row]), known_at or 0)
        finding = Finding(code, places, reason, effect == "failed", newest)
        self.findings.setdefault(row, []).append(finding)
        if finding.is_failure:
            whole = np.ones(96, dtype=np.bool_)
            self.bad[row] = self.bad.get(row, np.zeros(96, dtype=np.bool_)) | (
                whole if slots is None else slots
            )
        return finding.is_failure

    def _settle(self, rows: Iterable[int]) -> None:
        """Set the verdict that the findings so far give."""
        for row in rows:
            if self.store.verdict[row] != "withdrawn":
                codes = failing_codes(self.findings.get(row, ()))
                self.store.judge(row, "failed" if codes else "valid", codes)

    def _capacity(self, rows: Ints, parameters: Parameters) -> None:
        """Range against the transformer capacity of the account."""
        store = self.store
        limits = np.array(
            [self.limit_wh(store.keys[store.key[row]]) for row in rows.tolist()], dtype=np.int64
        )
        masks = validation.above(store.wh[rows], store.missing[rows], limits)
        for index in np.flatnonzero(masks.any(axis=1)).tolist():
            row, top = int(rows[index]), int(store.wh[rows[index]].max())
            kva = self.master.capacity_on(*store.keys[store.key[row]][::2])
            reason = f"up to {top} Wh; {kva} kVA carry at most {limits[index]} Wh in a slot"
            self.add(
                row, rules.ABOVE_CAPACITY, masks[index], f"{reason} (factor {parameters.capacity_factor})"
            )

    def _registers(self, row: int) -> None:
        """Daily sum against the freezes of its midnights; a register that runs backwards."""
        store, key = self.store, self.store.keys[self.store.key[row]]
        series = self.series.get(key[:2])
        if series is None:
            return
        start = 96 * (key[2] - series.origin).days
        for span in series.spans:
            if span.status == "ran_backwards" and start < span.last <= start + 96:
                self.add(row, rules.ROLLBACK, None, f"{span.text}: ran backwards", span.known_at_us)
            if (span.first, span.last) != (start, start + 96) or span.wh is None or store.missing[row].any():
                continue
            total, parameters = int(store.wh[row].sum()), self.parameters(key)
            reason = f"the curve holds {total} Wh, {span.text} make {span.wh} Wh"
            if validation.beyond(total, span.wh, parameters.meter_day_error_rate, span.step_wh):
                limit = f", more than {parameters.meter_day_error_rate} apart"
                self.add(row, rules.METER_DAY_ERROR, None, reason + limit, span.known_at_us)
            elif validation.beyond(total, span.wh, parameters.freeze_tolerance_rate, span.step_wh):
                limit = f", more than {parameters.freeze_tolerance_rate} apart"
                self.add(row, rules.FREEZE_MISMATCH, None, reason + limit, span.known_at_us)

    def _main(self, row: int) -> None:
        """Sub-points together against their main point; the cap is kept for the estimation."""
        store, (point_id, channel, day) = self.store, self.store.keys[self.store.key[row]]
        main = self.master.main_on(point_id, day)
        above = store.base((main, channel, day)) if main else -1
        if above < 0 or main is None or store.missing[above].any() or store.trust()[above] < 3:
            return
        siblings = [s for s in self.master.siblings(main, day) if s != point_id]
        others = [r for s in siblings if (r := store.base((s, channel, day))) >= 0]
        if any(store.missing[r].any() for r in others) or store.missing[row].any():
            return
        subs = np.vstack([store.wh[row], *(store.wh[r] for r in others)])
        rate = self.parameters((point_id, channel, day)).sub_above_main_rate
        mask = validation.sub_above_main(subs, store.wh[above], rate)
        if mask.any():
            slot = int(np.flatnonzero(mask)[0])
            reason = f"sub-points hold {subs[:, slot].sum()} Wh in slot {slot + 1}, main point {main} holds "
            newest = max(int(store.known_at[r]) for r in (above, *others))
            if self.add(row, rules.SUB_ABOVE_MAIN, mask, f"{reason}{store.wh[above, slot]} Wh", newest):
                order = sorted([point_id, *siblings])
                fixed = {s: store.wh[store.base((s, channel, day))] for s in siblings}
                stack = np.vstack([store.wh[row] if s == point_id else fixed[s] for s in order])
                self.caps[row] = capped(stack, store.wh[above])[order.index(point_id)]

    def _history(self, rows: Ints, parameters: Parameters) -> None:
        """Spikes and runs of zeros against the days before."""
        store = self.store
        past = np.array([self._days_before(int(row), parameters.spike_days) for row in rows], dtype=np.int64)
        there = past >= 0
        curves = store.wh[past] * there[:, :, None]
        known = there.sum(axis=1)
        peak = np.where(known >= MIN_HISTORY, curves.max(axis=(1, 2)), 0)
        usual = ((curves > 0).sum(axis=1) * 2 > known[:, None]) & (known >= MIN_HISTORY)[:, None]
        wh, missing = store.wh[rows], store.missing[rows]
        spikes = validation.spike(wh, missing, peak, parameters.spike_factor)
        zeros = validation.zero_run(wh, missing, usual, parameters.zero_run_slots)
        for index in np.flatnonzero(spikes.any(axis=1)).tolist():
            reason = f"up to {wh[index].max()} Wh; the days before reached {peak[index]} Wh"
            self.add(int(rows[index]), rules.SPIKE, spikes[index], reason)
        for index in np.flatnonzero(zeros.any(axis=1)).tolist():
            reason = f"{zeros[index].sum()} slots of 0 Wh where the days before had energy"
            self.add(int(rows[index]), rules.ZERO_RUN, zeros[index], reason)

    def _days_before(self, row: int, days: int) -> list[int]:
        """Rows of the usable days before; -1 where there is none."""
        point_id, channel, day = self.store.keys[self.store.key[row]]
        found = [self.store.base((point_id, channel, day - timedelta(days=n))) for n in range(1, days + 1)]
        return [base if self.store.usable(base) else -1 for base in found]


def build_series(
    readings: Mapping[tuple[str, str], Sequence[Reading]], master: Master, origin: date
) -> dict[tuple[str, str], Series]:
    """Spans of every series that has readings."""
    return {
        key: Series(origin, spans_of(found, master.meters(key[0]), origin), found)
        for key, found in readings.items()
    }

"""The estimation ladder of domain §6 for one metering point and channel: docs/vee.md explains every rung.

Works on int Wh slots of single days. It changes bad slots only, and says for each by which rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from ingestion.vee import rules
from ingestion.vee.registers import Meter, Span, changed_meter
from ingestion.vee.shares import Bools, Ints, half_up, largest_remainder, linear, residue_first

NOISE_STEPS = 2
WEIGHT_SCALE = 1000


@dataclass
class Draft:
    """A day under estimation: its slots (96,), which are still bad, and what was done to which.

    ``known_at``: microseconds of the newest input so far. ``own_shape``: the whole day is bad, but its own
    curve still says how the energy is distributed.
    """

    day: date
    wh: Ints
    bad: Bools
    known_at: int
    own_shape: Ints | None = None
    rule: dict[int, tuple[str, str]] = field(default_factory=dict)

    def fill(self, places: Ints, values: Ints, rule_code: str, reason: str, known_at: int) -> None:
        """Give bad slots (0-based places) their estimate."""
        self.wh[places] = values
        self.bad[places] = False
        self.known_at = max(self.known_at, known_at)
        self.rule |= dict.fromkeys(places.tolist(), (rule_code, reason))


@dataclass(frozen=True)
class Typical:
    """Curves (n, 96) of the reference days, their name, and when the newest was known."""

    name: str
    curves: Ints
    known_at: int

    def weights(self) -> Ints:
        """The mean reference day in 1/1000 Wh."""
        return np.asarray(self.curves.sum(axis=0) * WEIGHT_SCALE // len(self.curves), dtype=np.int64)


@dataclass(frozen=True)
class SeriesView:
    """What the ladder may know of the series: neighbours, reference days, registers and meters.

    ``good``: the slots (96,), the mask of those missing and the known_at of a day that may serve as evidence,
    or None. ``origin`` numbers the boundaries of ``spans``. ``first_reading``: the earliest reading as
    (boundary, is zero, known_at).
    """

    origin: date
    spans: Sequence[Span]
    meters: Sequence[Meter]
    first_reading: tuple[int, bool, int] | None
    typical: Callable[[date], Typical | None]
    good: Callable[[date], tuple[Ints, Bools, int] | None]
    tolerance: Decimal
    limit_wh: int


def estimate(view: SeriesView, drafts: dict[date, Draft]) -> None:
    """Climb down the ladder for all drafts of one series; slots that no rung reaches stay bad."""
    for draft in drafts.values():
        if changed_meter(view.meters, draft.day):
            _extend_flat(view, draft)
    for span in view.spans:
        _keep_total(view, drafts, span)
    for draft in drafts.values():
        _leading_zero(view, draft)
        _neighbour_mean(view, draft)
        _typical_day(view, draft)
        _straight_line(view, draft)


def _runs(bad: Bools) -> list[tuple[int, int]]:
    """Start and stop (exclusive) of each run of bad slots."""
    steps = np.diff(np.pad(bad.astype(np.int8), 1))
    return list(zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True))


def _neighbour(view: SeriesView, draft: Draft, place: int) -> tuple[int, int] | None:
    """Value and known_at of the slot at ``place`` (-1 and 96 lie in the neighbouring days), if it is good."""
    if 0 <= place < 96:
        # an estimated slot is no evidence for another one
        return None if draft.bad[place] or place in draft.rule else (int(draft.wh[place]), draft.known_at)
    found = view.good(draft.day + timedelta(days=-1 if place < 0 else 1))
    if found is None:
        return None
    wh, missing, known_at = found
    return None if missing[place % 96] else (int(wh[place % 96]), known_at)


def _extend_flat(view: SeriesView, draft: Draft) -> None:
    """Meter removed or changed that day: extend the last good value flat, else the next one back."""
    for start, stop in _runs(draft.bad):
        found = _neighbour(view, draft, start - 1) or _neighbour(view, draft, stop)
        if found:
            values = np.full(stop - start, found[0], dtype=np.int64)
            reason = f"the meter was changed or removed on {draft.day}; {found[0]} Wh extended flat"
            draft.fill(np.arange(start, stop), values, rules.EST_METER_CHANGE, reason, found[1])


def _keep_total(view: SeriesView, drafts: dict[date, Draft], span: Span) -> None:
    """Between two readings the energy is known: what the good slots leave belongs to the bad ones."""
    if span.wh is None:
        return
    known, known_at, bad = 0, span.known_at_us, []
    first_day, last_day = span.first // 96, (span.last - 1) // 96
    for number in range(first_day, last_day + 1):
        day = view.origin + timedelta(days=number)
        low, high = max(span.first - 96 * number, 0), min(span.last - 96 * number, 96)
        draft = drafts.get(day)
        if draft is not None:
            places = low + np.flatnonzero(draft.bad[low:high])
            bad += [(draft, places)] if len(places) else []
            known += int(draft.wh[low:high].sum() - draft.wh[places].sum())
            known_at = max(known_at, draft.known_at)
            continue
        found = view.good(day)
        if found is None or found[1][low:high].any():
            return  # a day in between is not known and not under estimation: nothing bounds these slots
        known += int(found[0][low:high].sum())
        known_at = max(known_at, found[2])
    if bad:
        _share(view, span, bad, span.wh - known, known, known_at)


def _share(
    view: SeriesView, span: Span, bad: list[tuple[Draft, Ints]], total: int, known: int, known_at: int
) -> None:
    """Share a known total among bad slots of one or more days."""
    count = sum(len(places) for _, places in bad)
    source = f"{total} Wh by {span.text}, less {known} Wh of the good slots"
    if span.wh == 0 and known == 0:
        _spread(
            bad, np.zeros(count, dtype=np.int64), rules.EST_EQUAL_READINGS, f"equal {span.text}", known_at
        )
        return
    noise = max(Decimal(NOISE_STEPS * span.step_wh), view.tolerance * known)
    if total < 0 or total < noise or (view.limit_wh >= 0 and total > view.limit_wh * count):
        return  # smaller than what registers and curve may differ by, or more than the supply can carry
    if span.last - span.first == count == 2:
        code, reason, values = rules.EST_LINEAR_REGISTER, "one reading missing", residue_first(total, count)
    else:
        weights, name, newest = _weights(view, bad)
        known_at = max(known_at, newest)
        values = largest_remainder(total, weights) if weights.any() else residue_first(total, count)
        code = rules.EST_FREEZE_TOTAL if weights.any() or count == 1 else rules.EST_LINEAR_REGISTER
        reason = f"shared by {name}"
    _spread(bad, values, code, f"{reason}: {source}", known_at)


def _spread(bad: list[tuple[Draft, Ints]], values: Ints, code: str, reason: str, known_at: int) -> None:
    """Put values, in order of time, into the bad slots."""
    at = 0
    for draft, places in bad:
        draft.fill(places, values[at : at + len(places)], code, reason, known_at)
        at += len(places)


def _weights(view: SeriesView, bad: list[tuple[Draft, Ints]]) -> tuple[Ints, str, int]:
    """Weights of the bad slots by their typical days (zeros when one day has none), name, newest known_at."""
    parts, names, newest = [], [], 0
    for draft, places in bad:
        if draft.own_shape is not None:
            parts.append(draft.own_shape[places] * WEIGHT_SCALE)
            names.append("the day's own curve")
            continue
        typical = view.typical(draft.day)
        if typical is None:
            return np.zeros(sum(len(p) for _, p in bad), dtype=np.int64), "equal parts", 0
        parts.append(typical.weights()[places])
        names.append(typical.name)
        newest = max(newest, typical.known_at)
    return np.concatenate(parts), ", ".join(dict.fromkeys(names)), newest


def _leading_zero(view: SeriesView, draft: Draft) -> None:
    """The first good reading is 0: nothing flowed before it."""
    if view.first_reading is None or not view.first_reading[1]:
        return
    start = 96 * (draft.day - view.origin).days
    places = np.flatnonzero(draft.bad)
    places = places[start + places < view.first_reading[0]]
    if len(places):
        zeros = np.zeros(len(places), dtype=np.int64)
        reason = "the first good reading of the register is 0"
        draft.fill(places, zeros, rules.EST_LEADING_ZERO, reason, view.first_reading[2])


def _neighbour_mean(view: SeriesView, draft: Draft) -> None:
    """One missing slot: the mean of its neighbours (12, 14 → 13)."""
    for start, stop in _runs(draft.bad):
        before, after = _neighbour(view, draft, start - 1), _neighbour(view, draft, stop)
        if stop - start == 1 and before and after:
            value = np.array([half_up(before[0] + after[0], 2)])
            reason = f"mean of the neighbours {before[0]} and {after[0]} Wh"
            newest = max(before[1], after[1])
            draft.fill(np.array([start]), value, rules.EST_NEIGHBOUR_MEAN, reason, newest)


def _typical_day(view: SeriesView, draft: Draft) -> None:
    """No total is known: a typical day, scaled by the day's own good slots."""
    places = np.flatnonzero(draft.bad)
    typical = view.typical(draft.day) if len(places) else None
    if typical is None:
        return
    good = np.setdiff1d(np.flatnonzero(~draft.bad), list(draft.rule))
    known, expected = int(draft.wh[good].sum()), int(typical.curves[:, good].sum())
    weights = typical.curves[:, places].sum(axis=0)
    if len(good) and known and expected:
        total, scale = (
            half_up(int(weights.sum()) * known, expected),
            f"scaled by {known} Wh of its good slots",
        )
    else:
        total, scale = half_up(int(weights.sum()), len(typical.curves)), "not scaled"
    if view.limit_wh >= 0 and total > view.limit_wh * len(places):
        total, scale = half_up(int(weights.sum()), len(typical.curves)), "not scaled"
    reason = f"typical day of {typical.name}, {scale}"
    values = largest_remainder(total, weights)
    draft.fill(places, values, rules.EST_TYPICAL_DAY, reason, typical.known_at)


def _straight_line(view: SeriesView, draft: Draft) -> None:
    """No typical day either: a straight line between the neighbours, or the one neighbour there is."""
    for start, stop in _runs(draft.bad):
        before, after = _neighbour(view, draft, start - 1), _neighbour(view, draft, stop)
        one, two = before or after, after or before
        if one and two:
            reason = f"no typical day; straight line from {one[0]} to {two[0]} Wh"
            values = linear(one[0], two[0], stop - start)
            draft.fill(np.arange(start, stop), values, rules.EST_LINEAR, reason, max(one[1], two[1]))

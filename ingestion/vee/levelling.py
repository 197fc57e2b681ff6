"""Month-end levelling, where the rule pack says ``levelled``: the monthly registers say what the month was.

The difference between registers and curves is shared by TOU period and given to the slots in order, 1 kWh
each (domain §6). The days that it touches are estimated days; their metered versions stay what they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import psycopg

from ingestion.vee import rules
from ingestion.vee.estimation import Draft
from ingestion.vee.examine import Conclusions, estimate_of
from ingestion.vee.findings import Estimate, Flag, Verdict, VersionFlags
from ingestion.vee.judging import Judge
from ingestion.vee.master import read_periods
from ingestion.vee.shares import Bools, Ints, level
from ingestion.vee.store import EDITED, ESTIMATED, Key

_WHOLE_KWH: Final = 1000


@dataclass(frozen=True)
class Month:
    """A whole month of one series. Arrays per day: slots (days, 96), what may be changed, the base's row."""

    keys: Sequence[Key]
    wh: Ints
    is_free: Bools
    rows: Sequence[int]
    drafts: Sequence[Draft | None]
    register_wh: int
    known_at: int
    text: str


def month_days(day: date) -> list[date]:
    """Every day of the month of ``day``."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=n) for n in range((after - first).days)]


def level_months(
    pg: psycopg.Connection[Any],
    judge: Judge,
    drafts: dict[Key, Draft],
    keys: Sequence[Key],
    found: Conclusions,
) -> None:
    """Level every month of the keys whose pack says so; replaces estimates of the days it touches."""
    months = sorted(
        {(*key[:2], key[2].replace(day=1)) for key in keys if judge.parameters(key).levels_months}
    )
    for point_id, channel, first in months:
        month = _month(judge, drafts, (point_id, channel, first))
        if month is not None:
            province = judge.master.province_on(point_id, first) or ""
            _level(judge, month, read_periods(pg, province, first, month.keys[-1][2]), found)


def _month(judge: Judge, drafts: dict[Key, Draft], start: Key) -> Month | None:
    """The month, when every day has a whole curve and registers stand at both its ends."""
    keys = [(start[0], start[1], day) for day in month_days(start[2])]
    bounds = _registers(judge, keys)
    if bounds is None:
        return None
    register_wh, known_at, text = bounds
    store, curves, rows, mine, free = judge.store, [], [], [], []
    for key in keys:
        draft, base = drafts.get(key), store.base(key)
        if draft is not None and not draft.bad.any():
            curves.append(draft.wh)
            known_at = max(known_at, draft.known_at)
        elif base >= 0 and _trust_unlevelled(judge, base) >= ESTIMATED:
            curves.append(store.wh[base])
            known_at = max(known_at, int(store.known_at[base]))
        else:
            return None
        rows.append(base)
        mine.append(draft)
        free.append(base < 0 or int(store.trust()[base]) != EDITED)
    return Month(keys, np.vstack(curves), np.array(free), rows, mine, register_wh, known_at, text)


def _trust_unlevelled(judge: Judge, row: int) -> int:
    """Trust of a row, whatever an earlier levelling said of it."""
    is_levelled = judge.store.codes[row] == rules.MONTH_DIFFERENCE
    return ESTIMATED if is_levelled else int(judge.store.trust()[row])


def _registers(judge: Judge, keys: Sequence[Key]) -> tuple[int, int, str] | None:
    """Energy of the month by its registers, when the newest was known, and the registers in words."""
    series = judge.series.get(keys[0][:2])
    if series is None:
        return None
    first = 96 * (keys[0][2] - series.origin).days
    last = first + 96 * len(keys)
    spans = [span for span in series.spans if first <= span.first and span.last <= last]
    ends = [span.first for span in spans[:1]] + [span.last for span in spans[-1:]]
    known = [span.wh for span in spans if span.wh is not None]
    if ends != [first, last] or len(known) != len(spans):
        return None
    return sum(known), max(span.known_at_us for span in spans), f"{spans[0].text} … {spans[-1].text}"


def _level(judge: Judge, month: Month, periods: dict[date, Ints], found: Conclusions) -> None:
    """Level one month, or say why it is not."""
    total = int(month.wh.sum())
    difference = month.register_wh - total
    kwh = abs(difference) // _WHOLE_KWH * (1 if difference > 0 else -1)
    limit = judge.parameters(month.keys[0]).levelling_limit_rate * month.register_wh
    reason = f"{month.text} make {month.register_wh} Wh, the curves hold {total} Wh"
    levelled = month.wh.copy()
    free = np.flatnonzero(month.is_free)
    if abs(difference) > limit or (kwh and not len(free)):
        row = month.rows[-1]
        if row >= 0:
            key, version = month.keys[-1], int(judge.store.version[row])
            flag = Flag(0, rules.MONTH_DIFFERENCE, f"{reason}: too far apart to be levelled")
            found.flags.append(VersionFlags(key, version, (flag,), month.known_at))
    elif kwh:
        zeros = np.zeros(96, dtype=np.int64)
        period = np.vstack([periods.get(month.keys[day][2], zeros) for day in free.tolist()])
        levelled[free] = level(month.wh[free].ravel(), period.ravel(), kwh).reshape(-1, 96)
    for day in range(len(month.keys)):
        _conclude(judge, month, day, levelled[day], f"{reason}; {kwh} kWh levelled", found)


def _conclude(judge: Judge, month: Month, day: int, wh: Ints, reason: str, found: Conclusions) -> None:
    """Replace the estimate of a touched day, and set the verdict on its base."""
    key, row, draft = month.keys[day], month.rows[day], month.drafts[day]
    changed = np.flatnonzero(wh != month.wh[day])
    if len(changed):
        flags = estimate_of(key, draft).flags if draft else ()
        flags += tuple(Flag(place + 1, rules.EST_LEVELLED, reason) for place in changed.tolist())
        found.estimates = [one for one in found.estimates if one.key != key]
        found.estimates.append(Estimate(key, wh, flags, month.known_at))
    if row < 0 or draft is not None:
        return
    before = judge.store.codes[row]
    after = rules.MONTH_DIFFERENCE if len(changed) else ""
    if judge.stored_codes.get(row, before) != after:
        verdict = "failed" if after else "valid"
        told = reason if after else f"no longer breaks {rules.MONTH_DIFFERENCE}"
        version = int(judge.store.version[row])
        found.verdicts.append(Verdict(key, version, verdict, rules.MONTH_DIFFERENCE, told, month.known_at))

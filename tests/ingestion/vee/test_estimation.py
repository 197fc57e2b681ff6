"""Laws of the ladder on drawn days: totals are kept, good slots stay, every estimate says its rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingestion.vee.estimation import Draft, SeriesView, Typical, estimate
from ingestion.vee.registers import Meter, Reading, Span, spans_of
from ingestion.vee.rules import ESTIMATION_RULES
from ingestion.vee.shares import Bools, Ints

ORIGIN = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 5, tzinfo=UTC)
days = st.lists(st.integers(0, 5_000_000), min_size=96, max_size=96).map(
    lambda x: np.array(x, dtype=np.int64)
)
gaps = st.sets(st.integers(0, 95), min_size=1, max_size=96)


def _view(spans: list[Span], typical: Ints | None, before: Ints | None) -> SeriesView:
    def good(day: date) -> tuple[Ints, Bools, int] | None:
        return None if before is None or day >= ORIGIN else (before, np.zeros(96, dtype=np.bool_), 5)

    reference = Typical("a day", typical[None, :], 7) if typical is not None else None
    return SeriesView(ORIGIN, spans, (), None, lambda day: reference, good, Decimal("0.005"), -1)


def _draft(wh: Ints, places: set[int], day: date = ORIGIN) -> Draft:
    bad = np.zeros(96, dtype=np.bool_)
    bad[sorted(places)] = True
    return Draft(day, np.where(bad, 0, wh), bad, 1)


def _span(first: int, last: int, wh: int) -> Span:
    return Span(first, last, wh, "known", 10, MOMENT, "registers")


@given(wh=days, places=gaps, typical=days)
def test_estimate__a_known_total_is_kept_exactly(wh: Ints, places: set[int], typical: Ints) -> None:
    missing = int(wh[sorted(places)].sum())
    draft = _draft(wh, places)
    known = int(wh.sum()) - missing
    estimate(_view([_span(0, 96, int(wh.sum()))], typical, None), {ORIGIN: draft})
    if missing >= max(Decimal(20), Decimal("0.005") * known):
        assert int(draft.wh.sum()) == int(wh.sum())
        assert {code for code, _ in draft.rule.values()} <= {"EST_FREEZE_TOTAL", "EST_LINEAR_REGISTER"}
    _is_sound(draft, wh, places)


@given(one=days, two=days, first=gaps, second=gaps, typical=days)
def test_estimate__a_total_over_two_days_is_kept_exactly(
    one: Ints, two: Ints, first: set[int], second: set[int], typical: Ints
) -> None:
    total = int(one.sum() + two.sum())
    missing = int(one[sorted(first)].sum() + two[sorted(second)].sum())
    after = ORIGIN + timedelta(days=1)
    drafts = {ORIGIN: _draft(one, first), after: _draft(two, second, after)}
    estimate(_view([_span(0, 192, total)], typical, None), drafts)
    if missing >= max(Decimal(20), Decimal("0.005") * (total - missing)):
        assert sum(int(draft.wh.sum()) for draft in drafts.values()) == total
    _is_sound(drafts[ORIGIN], one, first)
    _is_sound(drafts[after], two, second)


@given(wh=days, places=gaps, typical=st.none() | days, before=st.none() | days)
def test_estimate__fills_bad_slots_only_and_names_the_rule(
    wh: Ints, places: set[int], typical: Ints | None, before: Ints | None
) -> None:
    draft = _draft(wh, places)
    estimate(_view([], typical, before), {ORIGIN: draft})
    _is_sound(draft, wh, places)
    assert not draft.bad.any() or (typical is None and before is None and len(places) == 96)


def _is_sound(draft: Draft, wh: Ints, places: set[int]) -> None:
    good = [place for place in range(96) if place not in places]
    assert (draft.wh[good] == wh[good]).all()
    assert (draft.wh >= 0).all()
    assert set(draft.rule) == places - set(np.flatnonzero(draft.bad).tolist())
    assert all(code in ESTIMATION_RULES and reason for code, reason in draft.rule.values())


def test_estimate__is_known_when_the_newest_input_was() -> None:
    draft = _draft(np.full(96, 10), {3, 4})
    estimate(_view([], np.full(96, 10), None), {ORIGIN: draft})
    assert draft.known_at == 7


def test_spans_of__one_meter_gives_energy_and_anything_else_says_why() -> None:
    def at(day: int, hour: int = 0) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8)

    meters = [
        Meter(date(2026, 1, 1), date(2026, 3, 4), "a", Decimal(3000)),
        Meter(date(2026, 3, 5), date(9999, 12, 31), "b", Decimal(3000)),
    ]
    readings = [
        Reading(at(2), Decimal("120.10"), MOMENT),
        Reading(at(3), Decimal("124.60"), MOMENT),
        Reading(at(4), Decimal("124.00"), MOMENT),
        Reading(at(5), Decimal("1.00"), MOMENT),
        Reading(at(5) + timedelta(minutes=7), Decimal("1.00"), MOMENT),
    ]
    spans = spans_of(readings, meters, ORIGIN)
    assert [(span.first, span.last, span.wh, span.status) for span in spans] == [
        (0, 96, 13_500_000, "known"),
        (96, 192, None, "ran_backwards"),
        (192, 288, None, "meter_changed"),
    ]

"""Each refusal names the state, the event and what is allowed; an accepted history is a legal path."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingestion.lifecycle.contract import CONTRACT
from ingestion.lifecycle.judging import ILLEGAL_TRANSITION, OUT_OF_ORDER, Fault, Step, judge
from ingestion.lifecycle.machine import NONE

DAY = date(2026, 3, 1)


def steps(*events: str, first: int = 1, line: int = 2) -> list[Step]:
    return [
        Step(first + place, event, DAY + timedelta(days=place), line + place)
        for place, event in enumerate(events)
    ]


def only(faults: dict[int, Fault]) -> Fault:
    (fault,) = faults.values()
    return fault


def test_judge__a_whole_life_is_legal() -> None:
    life = steps(
        "quoted", "drafted", "submitted", "returned", "submitted", "signed", "registered",
        "registration_refused", "registered", "took_effect", "changed", "renewal_offered", "terminated",
        "evaluated",
    )  # fmt: skip
    assert judge(CONTRACT, "K1", [], life) == {}


def test_judge__illegal_event_names_state_event_and_allowed_ones() -> None:
    fault = only(judge(CONTRACT, "K1", steps("drafted", "submitted"), steps("registered", first=3)))
    assert (fault.part, fault.value, fault.error.code) == ("step", "registered", ILLEGAL_TRANSITION)
    for part in ("contract K1", "in_review", "returned, signed, cancelled"):
        assert part in fault.error.problem


def test_judge__what_depends_on_a_refused_step_says_so() -> None:
    faults = judge(CONTRACT, "K1", steps("drafted"), steps("signed", "registered", first=2))
    assert faults[2].error.code == ILLEGAL_TRANSITION
    assert faults[3].error.code == OUT_OF_ORDER
    assert "event 2 was refused on line 2" in faults[3].error.problem
    assert "state is draft" in faults[3].error.problem


def test_judge__a_gap_and_a_day_that_goes_back_are_out_of_order() -> None:
    gap = only(judge(CONTRACT, "K1", steps("drafted"), [Step(4, "signed", DAY, 9)]))
    assert (gap.part, gap.error.code) == ("number", OUT_OF_ORDER)
    assert "event 2 is not there" in gap.error.problem
    back = only(judge(CONTRACT, "K1", steps("drafted"), [Step(2, "submitted", DAY - timedelta(days=1), 9)]))
    assert (back.part, back.value, back.error.code) == ("moment", "2026-02-28", OUT_OF_ORDER)


def test_judge__a_correction_keeps_the_event_and_stays_between_its_neighbours() -> None:
    landed = steps("drafted", "submitted", "signed")
    assert judge(CONTRACT, "K1", landed, [Step(2, "submitted", DAY, 9)]) == {}
    changed = only(judge(CONTRACT, "K1", landed, [Step(2, "cancelled", DAY, 9)]))
    assert changed.error.code == ILLEGAL_TRANSITION
    assert "landed as submitted" in changed.error.problem
    late = only(judge(CONTRACT, "K1", landed, [Step(2, "submitted", DAY + timedelta(days=9), 9)]))
    assert late.error.code == OUT_OF_ORDER
    assert "event 3 (signed)" in late.error.problem


def test_judge__a_last_state_allows_nothing() -> None:
    fault = only(judge(CONTRACT, "K1", steps("drafted", "cancelled"), steps("drafted", first=3)))
    assert "no event is allowed any more" in fault.error.problem


EVENTS = st.sampled_from([event.code for event in CONTRACT.events])


@given(
    st.lists(st.tuples(st.integers(1, 8), EVENTS, st.integers(0, 9)), max_size=25, unique_by=lambda s: s[0])
)
def test_judge__whatever_is_accepted_is_a_legal_path_and_maximal(drawn: list[tuple[int, str, int]]) -> None:
    delivered = [Step(n, e, DAY + timedelta(days=d), line) for line, (n, e, d) in enumerate(drawn, start=2)]
    faults = judge(CONTRACT, "K1", [], delivered)
    kept = sorted((s for s in delivered if s.line_no not in faults), key=lambda s: s.number)
    assert [s.number for s in kept] == list(range(1, len(kept) + 1))
    assert [s.moment for s in kept] == sorted(s.moment for s in kept)
    state = NONE
    for step in kept:
        after = CONTRACT.after(state, step.event)
        assert after is not None
        state = after
    following = next((s for s in delivered if s.number == len(kept) + 1), None)
    if following is not None:
        goes_back = bool(kept) and following.moment < kept[-1].moment
        assert goes_back or CONTRACT.after(state, following.event) is None


def test_judge__the_order_of_lines_does_not_matter() -> None:
    backwards = list(reversed(steps("drafted", "submitted", "signed")))
    assert judge(CONTRACT, "K1", [], backwards) == {}

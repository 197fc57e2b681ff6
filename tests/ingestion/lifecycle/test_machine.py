"""The contract's state machine is sound, and SQL knows the same one."""

from __future__ import annotations

import csv

import pytest

from ingestion.lifecycle.contract import CONTRACT, seeds
from ingestion.lifecycle.machine import NONE
from orchestration.transform import PROJECT

SEEDS = PROJECT / "seeds" / "reference" / "sales"
MOVES = [(at, event.code, to) for event in CONTRACT.events for at, to in event.moves]


def test_machine__every_state_is_reached_and_no_event_is_ambiguous() -> None:
    reached = {NONE}
    while more := {to for at, _, to in MOVES if at in reached} - reached:
        reached |= more
    assert reached - {NONE} == {state.code for state in CONTRACT.states}
    assert len({(at, event) for at, event, _ in MOVES}) == len(MOVES)


def test_machine__only_evaluated_and_cancelled_are_last() -> None:
    last = {state.code for state in CONTRACT.states if not CONTRACT.allowed(state.code)}
    assert last == {"evaluated", "cancelled"}


def test_machine__refused_registration_goes_back_to_signed_and_review_to_draft() -> None:
    assert CONTRACT.after("registered", "registration_refused") == "signed"
    assert CONTRACT.after("in_review", "returned") == "draft"
    assert CONTRACT.after("draft", "signed") is None
    assert CONTRACT.allowed("in_review") == ("returned", "signed", "cancelled")


@pytest.mark.parametrize("name", ["contract_state", "contract_event_name", "contract_transition"])
def test_seeds__are_the_machine(name: str) -> None:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        stored = list(csv.reader(lines))
    assert stored == seeds(CONTRACT)[name], (
        f"write ingestion.lifecycle.contract.seeds()[{name!r}] to {name}.csv"
    )

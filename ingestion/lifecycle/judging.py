"""Judge delivered steps of one subject against its landed history. Pure: no database, no file.

Steps are taken in the order of their numbers, each against what is there after the one before: a file says
the same as its records delivered one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ingestion.feeds.columns import CellError
from ingestion.lifecycle.machine import NONE, Machine

ILLEGAL_TRANSITION = "ILLEGAL_TRANSITION"
OUT_OF_ORDER = "OUT_OF_ORDER"


@dataclass(frozen=True)
class Step:
    """One numbered step: which event, on which day, on which line of the delivery (0: landed before)."""

    number: int
    event: str
    moment: date
    line_no: int = 0


@dataclass(frozen=True)
class Fault:
    """Why a step cannot land; ``part`` is what of it is wrong: number, step or moment."""

    part: str
    value: str
    error: CellError


def judge(
    machine: Machine, subject: str, landed: Iterable[Step], delivered: Iterable[Step]
) -> dict[int, Fault]:
    """Faults of the steps that cannot land, by line number.

    A new step needs the next number, an event that the machine allows in the current state, and a day not
    before the last one's. A number that landed before may correct its record, except its event, and its day
    stays between those of its neighbours.
    """
    history = _History(machine, subject, landed)
    refused: dict[int, int] = {}
    faults: dict[int, Fault] = {}
    for step in sorted(delivered, key=lambda step: step.number):
        fault = history.fault(step, refused.get(history.following))
        if fault is None:
            history.add(step)
        else:
            faults[step.line_no] = fault
            refused[step.number] = step.line_no
    return faults


class _History:
    """The steps of a subject so far, and the state after them."""

    def __init__(self, machine: Machine, subject: str, landed: Iterable[Step]) -> None:
        self._machine, self._subject = machine, subject
        self._steps: dict[int, Step] = {}
        self._state = NONE
        for step in sorted(landed, key=lambda step: step.number):
            self.add(step)

    @property
    def following(self) -> int:
        """Number of the next new step."""
        return len(self._steps) + 1

    def add(self, step: Step) -> None:
        """Add the next step, or correct one in all but its event."""
        if step.number == self.following:
            after = self._machine.after(self._state, step.event)
            if after is None:
                raise ValueError(
                    f"the landed history of {self._machine.subject} {self._subject} is no legal path: event "
                    f"{step.number} ({step.event}) in state {self._state}; was a transition taken away?"
                )
            self._state = after
        self._steps[step.number] = step

    def fault(self, step: Step, refused_line: int | None) -> Fault | None:
        """Why the step cannot follow; ``refused_line`` is where the step that is due was refused."""
        known = self._steps.get(step.number)
        if known is not None and known.event != step.event:
            return self._changed(known, step)
        if known is None and step.number != self.following:
            return self._gap(step, refused_line)
        if known is None and self._machine.after(self._state, step.event) is None:
            return self._illegal(step)
        return self._misplaced(step)

    def _now(self) -> str:
        """The subject's state and what can happen in it, in words."""
        allowed = self._machine.allowed(self._state)
        choice = f"allowed events are {', '.join(allowed)}" if allowed else "no event is allowed any more"
        return f"whose state is {'not begun' if self._state == NONE else self._state}; {choice}"

    def _illegal(self, step: Step) -> Fault:
        problem = f"cannot happen to {self._machine.subject} {self._subject}, {self._now()}"
        remedy = "deliver first what happened before it, or correct the event"
        return Fault("step", step.event, CellError(ILLEGAL_TRANSITION, problem, remedy))

    def _changed(self, known: Step, step: Step) -> Fault:
        problem = (
            f"would change event {step.number}, which landed as {known.event}, of {self._machine.subject} "
            f"{self._subject}, {self._now()}"
        )
        remedy = f"leave the event as it landed; deliver what happened since as event {self.following}"
        return Fault("step", step.event, CellError(ILLEGAL_TRANSITION, problem, remedy))

    def _gap(self, step: Step, refused_line: int | None) -> Fault:
        why = f"was refused on line {refused_line}" if refused_line else "is not there"
        problem = (
            f"leaves a gap, because event {self.following} {why}, in {self._machine.subject} "
            f"{self._subject}, {self._now()}"
        )
        remedy = f"deliver event {self.following} first, then this one ({step.event}) again"
        return Fault("number", str(step.number), CellError(OUT_OF_ORDER, problem, remedy))

    def _misplaced(self, step: Step) -> Fault | None:
        """A day before the previous step's, or after the next one's."""
        before, after = self._steps.get(step.number - 1), self._steps.get(step.number + 1)
        if before is not None and step.moment < before.moment:
            wrong = f"is before {before.moment}, the day of event {before.number} ({before.event})"
        elif after is not None and step.moment > after.moment:
            wrong = f"is after {after.moment}, the day of event {after.number} ({after.event})"
        else:
            return None
        problem = f"{wrong}, of {self._machine.subject} {self._subject}, {self._now()}"
        remedy = "correct the day; where both days are wrong, the other one first"
        return Fault("moment", str(step.moment), CellError(OUT_OF_ORDER, problem, remedy))

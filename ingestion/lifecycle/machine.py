"""A state machine as data: states, events, and which event leads from which state to which."""

from __future__ import annotations

from dataclasses import dataclass

NONE = "none"
"""The state of a subject of which nothing has happened yet."""


@dataclass(frozen=True)
class State:
    """A state with its names; ``phase`` groups states for people."""

    code: str
    phase: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Event:
    """An event with its names; ``moves`` are its (from state, to state) pairs."""

    code: str
    name_zh: str
    name_en: str
    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Machine:
    """States in the order of a life, and events."""

    subject: str
    states: tuple[State, ...]
    events: tuple[Event, ...]

    def after(self, state: str, event: str) -> str | None:
        """State after ``event`` happens in ``state``; None when it cannot."""
        return next(
            (to for known in self.events if known.code == event for at, to in known.moves if at == state),
            None,
        )

    def allowed(self, state: str) -> tuple[str, ...]:
        """Events that can happen in ``state``; none in a last one."""
        return tuple(e.code for e in self.events if any(at == state for at, _ in e.moves))

"""What VEE concludes about meter-days, before any of it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingestion.vee.shares import Ints
from ingestion.vee.store import Key

WHOLE_DAY = 0


@dataclass(frozen=True)
class Flag:
    """One slot (1 … 96, or 0 for the whole day) of a version and the rule that it met or was made by.

    ``by``: who flagged it, when it was not the one who lands it.
    """

    slot: int
    rule_code: str
    reason: str
    by: str | None = None


@dataclass(frozen=True)
class Finding:
    """One rule that a version broke. ``slots``: 1-based; empty for the whole day. ``known_at``: µs."""

    rule_code: str
    slots: tuple[int, ...]
    reason: str
    is_failure: bool
    known_at: int

    def flags(self) -> list[Flag]:
        """Its flags: one per slot, or one for the whole day."""
        return [Flag(slot, self.rule_code, self.reason) for slot in self.slots or (WHOLE_DAY,)]


@dataclass(frozen=True)
class Verdict:
    """What was decided on a delivered version, because of which rules, and from when on it could be known."""

    key: Key
    version: int
    verdict: str
    rule_codes: str
    reason: str
    known_at: int


@dataclass(frozen=True)
class VersionFlags:
    """Flags to add to a delivered version."""

    key: Key
    version: int
    flags: tuple[Flag, ...]
    known_at: int


@dataclass(frozen=True)
class Estimate:
    """A whole estimated day (96,), Wh, with the rule of every estimated slot."""

    key: Key
    wh: Ints
    flags: tuple[Flag, ...]
    known_at: int

    def signature(self) -> tuple[tuple[int, ...], tuple[tuple[int, str], ...]]:
        """What makes two estimates of a day the same: values, and the rule per slot."""
        return tuple(self.wh.tolist()), tuple(sorted((flag.slot, flag.rule_code) for flag in self.flags))


def failing_codes(findings: Iterable[Finding]) -> str:
    """Codes of the rules that make a version fail, comma-separated in order of the alphabet."""
    return ",".join(sorted({finding.rule_code for finding in findings if finding.is_failure}))

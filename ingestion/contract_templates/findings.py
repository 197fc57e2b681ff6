"""What a guard finds in a package: a broken rule, or a duty that follows from one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from ingestion.market_rules.values import Item

T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """One rule that the package breaks (``is_error``), or a duty that follows from it."""

    path: tuple[str | int, ...]
    message: str
    allowed: str
    is_error: bool = True


def said(item: Item[T] | None) -> T | None:
    """The value of a rule; None where the pack is silent."""
    return None if item is None else item.value

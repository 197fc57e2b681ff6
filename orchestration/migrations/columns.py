"""Column runs that migrations repeat: the 96 slots or 24 hours of a curve."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

LENGTH = {"p": 96, "h": 24}


def curve(prefix: str, kind: TypeEngine[Any], *, nullable: bool) -> list[sa.Column[Any]]:
    """Columns ``p01`` … ``p96`` or ``h01`` … ``h24``."""
    return [
        sa.Column(f"{prefix}{index:02d}", kind, nullable=nullable) for index in range(1, LENGTH[prefix] + 1)
    ]


def names(prefix: str) -> str:
    """The same columns' names, comma-separated, for a check constraint."""
    return ", ".join(f"{prefix}{index:02d}" for index in range(1, LENGTH[prefix] + 1))

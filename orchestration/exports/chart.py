"""The chart of accounts of the journal: which accounts a side and a component book on, from YAML."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

DEFAULTS: Final = Path(__file__).with_name("chart_of_accounts.yml")


class ChartError(ValueError):
    """A chart of accounts cannot be used; the message names file, place, value and remedy."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Account(_Strict):
    """An account: its code and its names."""

    code: str
    zh: str
    en: str


class Booking(_Strict):
    """The accounts of a line: what is owed with VAT, revenue or cost without it, and the VAT."""

    counterparty: str
    result: str
    vat: str


class Override(_Strict):
    """What a component books elsewhere than its side."""

    counterparty: str | None = None
    result: str | None = None
    vat: str | None = None


class SideBooking(Booking):
    """The accounts of a side, to whom its positive amounts are payable, and what books elsewhere."""

    direction: Literal["to_retailer", "by_retailer"]
    stages: dict[str, Override] = {}
    components: dict[str, Override] = {}


class Chart(_Strict):
    """Accounts by name, and the bookings of every side."""

    accounts: dict[str, Account]
    sides: dict[str, SideBooking]

    @model_validator(mode="after")
    def _only_known_accounts(self) -> Chart:
        for side, booking in self.sides.items():
            named = [booking, *booking.stages.values(), *booking.components.values()]
            used = {getattr(entry, role) for entry in named for role in ("counterparty", "result", "vat")}
            if unknown := sorted(used - {None} - self.accounts.keys()):
                raise ValueError(
                    f"sides.{side} books on {unknown[0]!r}, which is no account; "
                    f"known: {', '.join(sorted(self.accounts))}"
                )
        return self

    def booking(self, side: str, stage: str, component: str) -> tuple[bool, Booking]:
        """Whether positive amounts are payable to the retailer, and the accounts.

        A component's own accounts come before its stage's, and those before its side's.
        Raises ChartError for a side without accounts.
        """
        found = self.sides.get(side)
        if found is None:
            raise ChartError(
                f"side {side!r} (component {component}) has no accounts; known sides: "
                f"{', '.join(sorted(self.sides))}. Remedy: add it under sides: in a file for --accounts"
            )
        own, staged = found.components.get(component, Override()), found.stages.get(stage, Override())
        return found.direction == "to_retailer", Booking(
            counterparty=own.counterparty or staged.counterparty or found.counterparty,
            result=own.result or staged.result or found.result,
            vat=own.vat or staged.vat or found.vat,
        )


def read_chart(path: Path | None = None) -> Chart:
    """Our chart, with what ``path`` says in the place of its own. Raises ChartError."""
    if path is None:
        return _default()
    return _checked(_merged(_read(DEFAULTS), _read(path)), path)


@cache
def _default() -> Chart:
    return _checked(_read(DEFAULTS), DEFAULTS)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ChartError(f"{path}: cannot be read as YAML: {error}. Remedy: docs/statements.md") from error
    if not isinstance(found, dict):
        raise ChartError(
            f"{path}: holds no mapping. Remedy: write accounts: and sides:, see docs/statements.md"
        )
    return found


def _merged(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Mappings are merged key by key; anything else takes the place of ours."""
    merged = dict(ours)
    for key, value in theirs.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _checked(content: dict[str, Any], path: Path) -> Chart:
    try:
        return Chart.model_validate(content)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, found['loc'])) or 'all'}: {found['msg']} (found {found['input']!r:.60})"
            for found in error.errors()
        )
        raise ChartError(f"{path}: {told}. Remedy: docs/statements.md") from error

"""A package as its file says it (``PackageFile``), and as it is priced (``Package``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from ingestion.contract_templates.formula import Formula
from ingestion.contract_templates.kinds import Grain, Kind, Result, Stage
from ingestion.market_rules.values import Price, Slug, Strict

WHOLE_MONTH: Final = "all"
"""The period of a number that holds for the whole month."""


def _text(value: object) -> object:
    """A version like 2026.1 reads as a number in YAML."""
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


class Title(Strict):
    """What business people call it."""

    zh: str
    en: str


class Delivery(Strict):
    """Delivery dates that the package is offered for, both included."""

    first_on: date
    last_on: date

    @model_validator(mode="after")
    def _in_order(self) -> Delivery:
        if self.last_on < self.first_on:
            raise PydanticCustomError(
                "order", "last_on is before first_on", {"allowed": f"{self.first_on} or later"}
            )
        return self

    @property
    def months(self) -> int:
        """Calendar months that the term touches."""
        years = self.last_on.year - self.first_on.year
        return 12 * years + self.last_on.month - self.first_on.month + 1


class FloatConfirmation(Strict):
    """Last year's settled price in yuan/MWh, and who confirmed, on which day, a float far from it (Anhui)."""

    last_year_price: Price
    confirmed_by: Annotated[str, Field(min_length=1)] | None = None
    confirmed_on: date | None = None

    @property
    def is_given(self) -> bool:
        """Whether the signatory has confirmed."""
        return self.confirmed_by is not None and self.confirmed_on is not None


class PackageFile(Strict):
    """The head of a package file; the components are checked against their kinds."""

    package: Slug
    version: Annotated[str, BeforeValidator(_text)]
    type: Slug
    title: Title
    province: Slug | None = None
    code: str | None = None
    float_confirmation: FloatConfirmation | None = None
    delivery: Delivery | None = None
    order: list[Stage] | None = None
    components: Annotated[list[dict[str, Any]], Field(min_length=1)]


@dataclass(frozen=True)
class ParameterValue:
    """A number that the package fixes, for all periods or for one."""

    name: str
    period: str
    value: Decimal


@dataclass(frozen=True)
class Component:
    """One component, compiled. ``level``: components of a higher level see the fees of the lower ones."""

    number: int
    name: str
    kind: Kind
    title: Title
    stage: Stage
    result: Result
    grain: Grain
    level: int
    share: Decimal | None
    covers: tuple[Stage, ...]
    formula: Formula
    parameters: tuple[ParameterValue, ...]
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Package:
    """A package that is ready to be priced."""

    path: Path
    head: PackageFile
    order: tuple[Stage, ...]
    components: tuple[Component, ...]

    @property
    def body(self) -> dict[str, Any]:
        """All that decides a price, as JSON values: the file's content and the order of operations used."""
        content = _canonical({**self.head.model_dump(exclude_none=True), "order": list(self.order)})
        assert isinstance(content, dict)
        return content

    @property
    def package_hash(self) -> str:
        """sha256 over content and compiled formulas: layout and key order of the file do not change it."""
        formulas = [component.formula.sql for component in self.components]
        text = json.dumps([self.body, formulas], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def needed_inputs(self) -> dict[str, str]:
        """Inputs that a pricing must give, with their units as printed."""
        needed: dict[str, str] = {}
        for component in self.components:
            known = component.kind.known_inputs()
            fixed = {value.name for value in component.parameters}
            drives = component.result == "price" or component.grain == "period"
            for name in [*([component.kind.driver] if drives else []), *component.formula.names]:
                if name in known and name not in fixed and not known[name].is_computed:
                    needed[name] = str(known[name].unit)
        return needed


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _canonical(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(entry) for entry in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return value.isoformat() if isinstance(value, date) else value

"""The rule pack: one dated YAML file per province and version (design §6, domain §5.1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from ingestion.market_rules.sections import (
    Clearing,
    Credit,
    Deadlines,
    PositionLimits,
    Reconciliation,
    Recovery,
    Retail,
    Rounding,
    Settlement,
    Tariff,
    Tou,
    Vee,
)
from ingestion.market_rules.values import Item, Slug, Strict
from ingestion.market_rules.vocabulary import PackStatus


def _text(value: object) -> object:
    """A version like 2026.1 reads as a number in YAML."""
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


class Source(Strict):
    """A document that values are read from; ``tag`` is the confidence it was read with."""

    id: Slug
    name: str
    doc_no: str | None = None
    issued_on: date | None = None
    tag: Annotated[str, BeforeValidator(_text), Field(pattern=r"^(S|N|2|G)$")]
    note: str | None = None


class RulePack(Strict):
    """The rules of one province for the delivery dates effective_from … effective_to, both included."""

    province: Slug
    province_name: str | None = None
    version: Annotated[str, BeforeValidator(_text)]
    effective_from: date
    effective_to: date | None = None
    status: PackStatus
    replaces_shipped: bool | None = None
    """True in a pack of the user's own: all shipped packs of the province are left aside."""
    sources: list[Source]
    notes: list[str] | None = None
    settlement: Settlement | None = None
    tou: Tou | None = None
    clearing: Clearing | None = None
    position_limits: PositionLimits | None = None
    recovery: list[Recovery] | None = None
    retail: Retail | None = None
    tariff: Tariff | None = None
    calendar: Deadlines | None = None
    reconciliation: Reconciliation | None = None
    rounding: Rounding | None = None
    vee: Vee | None = None
    credit: Credit | None = None

    def covers(self, day: date) -> bool:
        """Whether this pack rules the delivery date ``day``."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def illustrative_items(self) -> list[str]:
        """Paths of the values without a source for these dates, e.g. ``tou.schedule``, in file order."""
        return [path for path, item in items_of(self) if item.is_illustrative]

    @property
    def body(self) -> dict[str, Any]:
        """Canonical content as JSON values: nulls left out, decimals as plain text without trailing zeros."""
        content = _canonical(self.model_dump(exclude_none=True))
        assert isinstance(content, dict)
        return content

    @property
    def pack_hash(self) -> str:
        """sha256 of the canonical content: comments, layout and key order of the file do not change it."""
        text = json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


_HEAD = (
    "province",
    "province_name",
    "version",
    "effective_from",
    "effective_to",
    "status",
    "replaces_shipped",
    "sources",
    "notes",
)
SECTIONS = tuple(name for name in RulePack.model_fields if name not in _HEAD)
"""Names of the sections, in the order of the schema."""


def items_of(model: BaseModel, path: str = "") -> Iterator[tuple[str, Item[Any]]]:
    """Every ``Item`` of a pack with its dotted path, in the order of the schema."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        here = f"{path}.{name}" if path else name
        if isinstance(value, Item):
            yield here, value
        elif isinstance(value, BaseModel):
            yield from items_of(value, here)
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                if isinstance(entry, BaseModel):
                    yield from items_of(entry, f"{here}[{index}]")


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _canonical(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_canonical(entry) for entry in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return value

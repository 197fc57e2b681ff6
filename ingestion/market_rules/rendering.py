"""A pack for readers: as flat rows (``wattledger rules show``), as one line (``wattledger rules list``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from ingestion.market_rules.schema import SECTIONS, RulePack, items_of
from ingestion.market_rules.sections import Season


@dataclass(frozen=True)
class PackSummary:
    """One pack in a line: which sections it has, and how many of its values are sourced, stand-ins or null.

    ``sourced`` counts every value that is not illustrative, general knowledge (G) included.
    """

    province: str
    version: str
    effective_from: date
    effective_to: date | None
    status: str
    sections: tuple[str, ...]
    sourced: int
    illustrative: int
    null: int


@dataclass(frozen=True)
class RuleRow:
    """One value of a pack as text; an empty ``value`` is unknown. ``source`` = document and article."""

    path: str
    value: str
    source: str
    confidence: str
    note: str


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Season):
        periods = "; ".join(f"{name} {', '.join(ranges)}" for name, ranges in value.periods.items())
        return f"months {', '.join(str(month) for month in value.months)}: {periods}"
    if isinstance(value, BaseModel):
        fields = ((name, getattr(value, name)) for name in type(value).model_fields)
        return ", ".join(f"{name} {_text(entry)}" for name, entry in fields if entry is not None)
    if isinstance(value, list):
        joint = " | " if any(isinstance(entry, BaseModel) for entry in value) else ", "
        return joint.join(_text(entry) for entry in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(entry)}" for key, entry in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def pack_summary(pack: RulePack) -> PackSummary:
    """What ``wattledger rules list`` says of a pack."""
    items = [item for _, item in items_of(pack)]
    null = sum(item.value is None for item in items)
    illustrative = sum(item.is_illustrative for item in items)
    return PackSummary(
        province=pack.province,
        version=pack.version,
        effective_from=pack.effective_from,
        effective_to=pack.effective_to,
        status=pack.status,
        sections=tuple(name for name in SECTIONS if getattr(pack, name) is not None),
        sourced=len(items) - null - illustrative,
        illustrative=illustrative,
        null=null,
    )


def pack_rows(pack: RulePack) -> list[RuleRow]:
    """The pack's values in schema order, its head first; sources are spelled out."""
    documents = {
        source.id: " ".join(part for part in (source.name, source.doc_no) if part) for source in pack.sources
    }
    head = [
        ("province", pack.province),
        ("version", pack.version),
        ("effective_from", pack.effective_from.isoformat()),
        ("effective_to", pack.effective_to.isoformat() if pack.effective_to else ""),
        ("status", pack.status),
        ("pack_hash", pack.pack_hash),
    ]
    head += [("note", note) for note in pack.notes or []]
    rows = [RuleRow(path, value, "", "", "") for path, value in head]
    for path, item in items_of(pack):
        document = documents.get(item.source or "", "")
        source = f"{document}, {item.article}" if document and item.article else document
        rows.append(RuleRow(path, _text(item.value), source, item.confidence or "", item.note or ""))
    return rows

"""A report's rows in the parts in which people read it, each with the total that SQL has for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ingestion.documents.language import Lang
from orchestration.exports.tables import Block, Row, Sheet
from orchestration.exports.words import CHECKS, RECONCILED, SCOPES, SIDES, chosen

_SUBTOTALS: Final = ("total", "province")
_SAID: Final = {**SIDES, **CHECKS, **RECONCILED}
_CODED: Final = frozenset(
    {
        "item",
        "subject",
        "unit",
        "result",
        "party",
        "side",
        "subject_type",
        "line_kind",
        "difference_kind",
        "status",
    }
)


def blocks_of(sheet: Sheet, rows: Sequence[Row], language: Lang) -> list[Block]:
    """The parts of the table; a table without parts is one, without a title.

    Parted by ``scope``, every part is the same whole and has the whole's total. Parted by another column, a
    part's total is the row of the scope of that name, and the whole has a part of its own at the end.
    """
    if sheet.blocks is None:
        return [Block(None, [_said(sheet, row, language) for row in rows])]
    scope, key = sheet.place("scope"), sheet.place(sheet.blocks)
    whole = next((row for row in rows if row[scope] == "total"), None)
    if sheet.blocks == "scope":
        return [
            Block(chosen(SCOPES[str(name)], language), list(part), whole)
            for name, part in groupby((row for row in rows if row[scope] != "total"), lambda row: row[scope])
        ]
    totals = {row[key]: row for row in rows if row[scope] == sheet.blocks}
    leaves = (row for row in rows if row[scope] not in _SUBTOTALS)
    parts = [
        Block(str(name), list(part), totals[name]) for name, part in groupby(leaves, lambda row: row[key])
    ]
    sums = list(totals.values())
    return [*parts, Block(chosen(SCOPES["province"], language), sums, whole)] if len(sums) > 1 else parts


def _said(sheet: Sheet, row: Row, language: Lang) -> Row:
    """Codes of checks and disputes in words; other cells as they are."""
    return tuple(
        chosen(_SAID[str(cell)], language) if column.name in _CODED and cell in _SAID else cell
        for column, cell in zip(sheet.columns, row, strict=True)
    )

"""The format-neutral document: a title and a list of blocks, every text plain (never markup)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ingestion.documents.language import Lang

_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200b\u202a-\u202e\u2066-\u2069]"
)
"""What no file can hold, or what would show another order of characters than the data has."""


class DocumentError(ValueError):
    """A text that cannot be printed as it is."""


@dataclass(frozen=True)
class Heading:
    """The numbered heading of an article."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Field:
    """A labelled value of the head, as ``Contract no.: K1``."""

    label: str
    value: str


@dataclass(frozen=True)
class Table:
    """Cells as texts; columns of ``numeric`` (by place) are set to the right.

    ``widths`` are the columns' parts of the width, all alike when empty. Rows of ``strong`` (by place) stand
    out, as totals do.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    widths: tuple[int, ...] = ()
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Signature:
    """Two columns to sign in: lines of one party and of the other."""

    left: tuple[str, ...]
    right: tuple[str, ...]


Block = Heading | Paragraph | Field | Table | Signature


@dataclass(frozen=True)
class Document:
    """A document; ``dated_on`` is the day of the data that becomes the file's creation date.

    ``is_wide``: pages lie on their long side, for tables of many columns.
    """

    lang: Lang
    title: str
    subject: str
    dated_on: date
    blocks: tuple[Block, ...]
    is_wide: bool = False

    def __post_init__(self) -> None:
        """Refuse characters that cannot be printed as they are, naming the text."""
        for text in self.texts():
            if found := _UNPRINTABLE.search(text):
                where = f"character {found.start() + 1} (U+{ord(found[0]):04X}) cannot be printed"
                raise DocumentError(f"{text!r}: {where}. Remedy: correct this text in the data")

    def texts(self) -> Iterator[str]:
        """Every text, in order."""
        yield from (self.title, self.subject)
        for block in self.blocks:
            match block:
                case Heading(text) | Paragraph(text):
                    yield text
                case Field(label, value):
                    yield from (label, value)
                case Table(columns, rows):
                    yield from columns
                    for row in rows:
                        yield from row
                case Signature(left, right):
                    yield from (*left, *right)

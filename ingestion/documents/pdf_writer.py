"""Blocks as PDF, set by typst. Texts travel as JSON data, so that none is ever read as markup or code."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final, Literal

import typst

from ingestion.documents.blocks import (
    Block,
    Document,
    Field,
    Heading,
    Paragraph,
    Signature,
    Table,
)
from ingestion.documents.fonts import SANS, SERIF, font_folder

TEMPLATE: Final = Path(__file__).with_name("document.typ")
_LONG_RUN: Final = re.compile(r"[!-~]{24}(?=[!-~])")
_CELL_RUN: Final = re.compile(r"[!-~]{0,7}_(?=[!-~])|[!-~]{8}(?=[!-~])")
_FEW_COLUMNS: Final = 5


class Typesetter:
    """Sets documents one after the other; fonts and template are read once. Not for two threads at once."""

    def __init__(self) -> None:
        """Read the fonts. Raises MissingFontError."""
        self._compiler = typst.Compiler(
            TEMPLATE, root=TEMPLATE.parent, font_paths=[font_folder()], ignore_system_fonts=True
        )

    def pdf(self, document: Document) -> bytes:
        """The PDF; its creation date is the document's."""
        made = self._compiled(document, "pdf")
        return made if isinstance(made, bytes) else b"".join(made)

    def pages(self, document: Document, ppi: float = 80) -> list[bytes]:
        """Every page as PNG, to be looked at."""
        images = self._compiled(document, "png", ppi)
        return images if isinstance(images, list) else [images]

    def _compiled(
        self, document: Document, form: Literal["pdf", "png"], ppi: float | None = None
    ) -> bytes | list[bytes]:
        made: bytes | list[bytes] | None = self._compiler.compile(
            format=form,
            ppi=ppi,
            sys_inputs={"document": json.dumps(_data(document), ensure_ascii=False)},
            timestamp=datetime.combine(document.dated_on, time(), tzinfo=UTC),
        )
        assert made is not None  # it is, without an output path
        return made


def pdf_bytes(document: Document) -> bytes:
    """The PDF of one document. Raises MissingFontError."""
    return Typesetter().pdf(document)


def page_images(document: Document, ppi: float = 80) -> list[bytes]:
    """Every page of one document as PNG. Raises MissingFontError."""
    return Typesetter().pages(document, ppi)


def _data(document: Document) -> dict[str, Any]:
    return {
        "lang": document.lang,
        "title": document.title,
        "subject": document.subject,
        "serif": SERIF,
        "sans": SANS,
        "dated_on": [document.dated_on.year, document.dated_on.month, document.dated_on.day],
        "is_wide": document.is_wide,
        "blocks": [_block(block) for block in document.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"kind": "heading", "text": _breakable(text)}
        case Paragraph(text):
            return {"kind": "paragraph", "text": _breakable(text)}
        case Field(label, value):
            return {"kind": "field", "label": label, "value": _breakable(value)}
        case Table(columns, rows, numeric, widths, strong):
            return {
                "kind": "table",
                "columns": list(columns),
                "rows": [_cells(row, numeric) for row in rows],
                "numeric": sorted(numeric),
                "widths": list(widths),
                "strong": sorted(strong),
            }
        case Signature(left, right):
            return {
                "kind": "signature",
                "left": [_breakable(line) for line in left],
                "right": [_breakable(line) for line in right],
            }


def _cells(row: tuple[str, ...], numeric: frozenset[int]) -> list[str]:
    """Texts of a row; in a table of many columns shorter words may break, but no number."""
    run = _LONG_RUN if len(row) <= _FEW_COLUMNS else _CELL_RUN
    return [cell if place in numeric else _breakable(cell, run) for place, cell in enumerate(row)]


def _breakable(text: str, run: re.Pattern[str] = _LONG_RUN) -> str:
    """Let a very long word break, which would else run over the edge of the page or of its cell."""
    return run.sub(lambda found: found[0] + "\u200b", text)

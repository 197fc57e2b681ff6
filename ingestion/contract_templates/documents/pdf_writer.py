"""Blocks as PDF, set by typst. Texts travel as JSON data, so that none is ever read as markup or code."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import typst

from ingestion.contract_templates.documents.blocks import (
    Block,
    Document,
    Field,
    Heading,
    Paragraph,
    Signature,
    Table,
)
from ingestion.contract_templates.documents.fonts import SANS, SERIF, font_folder

TEMPLATE: Final = Path(__file__).with_name("document.typ")
_LONG_RUN: Final = re.compile(r"[!-~]{24}(?=[!-~])")


def pdf_bytes(document: Document) -> bytes:
    """The PDF; its creation date is the document's. Raises MissingFontError."""
    made = _compiled(document, "pdf")
    return made if isinstance(made, bytes) else b"".join(made)


def page_images(document: Document, ppi: float = 80) -> list[bytes]:
    """Every page as PNG, to be looked at."""
    images = _compiled(document, "png", ppi)
    return images if isinstance(images, list) else [images]


def _compiled(
    document: Document, form: Literal["pdf", "png"], ppi: float | None = None
) -> bytes | list[bytes]:
    fonts = font_folder()
    made_at = datetime(document.dated_on.year, document.dated_on.month, document.dated_on.day, tzinfo=UTC)
    made: bytes | list[bytes] | None = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[fonts],
        ignore_system_fonts=True,
        format=form,
        ppi=ppi,
        sys_inputs={"document": json.dumps(_data(document), ensure_ascii=False)},
        timestamp=made_at,
    )
    assert made is not None  # it is, without an output path
    return made


def _data(document: Document) -> dict[str, Any]:
    return {
        "lang": document.lang,
        "title": document.title,
        "subject": document.subject,
        "serif": SERIF,
        "sans": SANS,
        "dated_on": [document.dated_on.year, document.dated_on.month, document.dated_on.day],
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
        case Table(columns, rows, numeric):
            return {
                "kind": "table",
                "columns": list(columns),
                "rows": [[_breakable(cell) for cell in row] for row in rows],
                "numeric": sorted(numeric),
            }
        case Signature(left, right):
            return {
                "kind": "signature",
                "left": [_breakable(line) for line in left],
                "right": [_breakable(line) for line in right],
            }


def _breakable(text: str) -> str:
    """Let a very long word break, which would else run over the edge of the page or of its cell."""
    return _LONG_RUN.sub(lambda found: found[0] + "\u200b", text)

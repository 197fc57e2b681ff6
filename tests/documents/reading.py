"""Reading documents back, as their readers would: the texts of a DOCX or a PDF."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pypdf


def text_of(path: Path) -> str:
    """All texts without blanks and line breaks, which are the layout's."""
    return squeezed(_docx_text(path) if path.suffix == ".docx" else _pdf_text(path))


def squeezed(text: str) -> str:
    """Without any blank."""
    return re.sub(r"[\s\u200b]", "", text)


def cells_of(path: Path) -> list[list[list[str]]]:
    """Tables of a DOCX, as rows of texts."""
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables
    ]


def _docx_text(path: Path) -> str:
    word = docx.Document(str(path))
    lines = [paragraph.text for paragraph in word.paragraphs]
    lines += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def _pdf_text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)

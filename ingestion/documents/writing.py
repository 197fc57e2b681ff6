"""A document as the bytes of a file, by the suffix of its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from ingestion.documents.blocks import Document, DocumentError


def _docx(document: Document) -> bytes:
    from ingestion.documents.docx_writer import docx_bytes  # slow to import

    return docx_bytes(document)


def _pdf(document: Document) -> bytes:
    from ingestion.documents.pdf_writer import pdf_bytes  # slow to import

    return pdf_bytes(document)


_WRITERS: Final[dict[str, Callable[[Document], bytes]]] = {".docx": _docx, ".pdf": _pdf}
SUFFIXES: Final = tuple(_WRITERS)


def document_bytes(document: Document, path: Path) -> bytes:
    """The file's content; equal documents give equal bytes.

    Raises DocumentError when no writer has the suffix; MissingFontError when a PDF's fonts are absent.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise DocumentError(f"{path}: no format {path.suffix!r}; end the name in {' or '.join(SUFFIXES)}")
    return writer(document)

"""Documents of any kind: a title and blocks of plain text become DOCX or PDF, in Chinese or English.

Belongs here: blocks, fonts, writers, and how dates and periods are said. Does not belong here: what a
document says (``contract_templates.documents``, ``orchestration.exports``). A plain library.
"""

from ingestion.documents.blocks import Document, DocumentError
from ingestion.documents.fonts import MissingFontError
from ingestion.documents.writing import SUFFIXES, document_bytes

__all__ = ["SUFFIXES", "Document", "DocumentError", "MissingFontError", "document_bytes"]

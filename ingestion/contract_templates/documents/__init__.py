"""Contract documents from the package definition: facts and a package become blocks, blocks become a file.

A plain library: it reads no database and computes no price. See docs/contract_documents.md.
"""

from ingestion.contract_templates.documents.blocks import Document, DocumentError
from ingestion.contract_templates.documents.contract import contract_document
from ingestion.contract_templates.documents.facts import ContractFacts, MissingFactsError, QuotationFacts
from ingestion.contract_templates.documents.fonts import MissingFontError
from ingestion.contract_templates.documents.quotation import quotation_document
from ingestion.contract_templates.documents.writing import SUFFIXES, document_bytes

__all__ = [
    "SUFFIXES",
    "ContractFacts",
    "Document",
    "DocumentError",
    "MissingFactsError",
    "MissingFontError",
    "QuotationFacts",
    "contract_document",
    "document_bytes",
    "quotation_document",
]

"""Contract documents from the package definition: facts and a package become blocks.

``ingestion.documents`` makes files of them. A plain library: it reads no database and computes no price. See
docs/contract_documents.md.
"""

from ingestion.contract_templates.documents.contract import contract_document
from ingestion.contract_templates.documents.facts import ContractFacts, MissingFactsError, QuotationFacts
from ingestion.contract_templates.documents.quotation import quotation_document

__all__ = [
    "ContractFacts",
    "MissingFactsError",
    "QuotationFacts",
    "contract_document",
    "quotation_document",
]

"""The contract book of the sample retailer (made up): which package each contract follows, from when on.

A contract's records are known when its workbook of contracts is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ingestion.sample.config import SOURCE_CRM
from ingestion.sample.contracts import RENEWAL_FROM, Contract
from ingestion.sample.roster import FIXED
from ingestion.sample.workbooks import NEWCOMER_KNOWN, RENEWAL_KNOWN, START_KNOWN
from ingestion.sample.writer import Cell, Delivery, xlsx_bytes

VERSION_HEADER = ["contract_id", "version_no", "effective_from", "package_id", "package_version", "reason"]


def sales_deliveries(contracts: list[Contract]) -> Iterator[Delivery]:
    """Give every file of power sales management known by the cut."""
    for known_at in sorted({_known_at(contract) for contract in contracts}):
        theirs = [contract for contract in contracts if _known_at(contract) == known_at]
        book = xlsx_bytes({"contract_version": (VERSION_HEADER, [_original(c) for c in theirs])})
        yield Delivery(f"contract-versions-{known_at:%Y-%m}.xlsx", known_at, SOURCE_CRM, book)


def _known_at(contract: Contract) -> datetime:
    if contract.from_on == RENEWAL_FROM:
        return RENEWAL_KNOWN
    return START_KNOWN if contract.signed_on.year == 2025 else NEWCOMER_KNOWN


def _original(contract: Contract) -> list[Cell]:
    package = "sample_fixed" if contract.customer.package == FIXED else "sample_tou"
    return [contract.contract_id, 1, f"{contract.from_on:%Y-%m}", package, "1", None]

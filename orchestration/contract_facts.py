"""What a contract document is filled with: one read-only look at staging and at the stored package.

Nothing is computed here but what SQL adds up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

import sqlalchemy as sa

from ingestion.contract_templates.documents.agreed import AgreedPriceError, with_agreed_prices
from ingestion.contract_templates.documents.facts import (
    Account,
    ContractFacts,
    Deviation,
    DeviationSide,
    MeteringPoint,
    MissingFactsError,
    MonthQuantity,
    Party,
    PeriodPrice,
)
from ingestion.contract_templates.package import Package
from ingestion.contract_templates.stored import stored_package
from orchestration.contract_queries import (
    ACCOUNTS,
    CONTRACT,
    CONTRACT_IDS,
    CUSTOMER,
    DEVIATION,
    PACKAGES,
    POINTS,
    PRICES,
    QUANTITIES,
    VERSIONS,
)

Row = Mapping[str, Any]
_SIDE: Final = ("band_rate", "price", "second_band_rate", "second_price")


class UnknownContractError(LookupError):
    """There is no such contract, or no such version of its terms."""


def read_contract(
    engine: sa.Engine, contract_id: str, retailer: Party, version_no: int | None = None
) -> ContractFacts:
    """The facts of a contract, with the newest version of its terms or the one asked for.

    Raises UnknownContractError with near matches, MissingFactsError with what the data lacks.
    """
    with engine.connect().execution_options(postgresql_readonly=True) as connection:
        return _Reader(connection, contract_id).facts(retailer, version_no)


class _Reader:
    def __init__(self, connection: sa.Connection, contract_id: str) -> None:
        self._connection = connection
        self._contract_id = contract_id

    def _rows(self, query: sa.TextClause, **values: object) -> list[dict[str, Any]]:
        found = self._connection.execute(query, {"contract_id": self._contract_id, **values})
        return [dict(row) for row in found.mappings()]

    def facts(self, retailer: Party, version_no: int | None) -> ContractFacts:
        contract = self._contract()
        version = self._version(version_no)
        prices = tuple(PeriodPrice(**row) for row in self._rows(PRICES))
        quantities = self._rows(QUANTITIES)
        first_on = contract["effective_from"]
        terms_on = max(first_on, version["effective_from"]) if version else first_on
        return ContractFacts(
            **contract,
            customer=self._customer(contract["customer_id"], first_on),
            retailer=retailer,
            accounts=tuple(Account(**row) for row in self._rows(ACCOUNTS, on=first_on)),
            points=tuple(MeteringPoint(**row) for row in self._rows(POINTS)),
            quantities=tuple(MonthQuantity(row["delivery_month"], row["quantity_mwh"]) for row in quantities),
            total_mwh=quantities[0]["total_mwh"] if quantities else None,
            prices=prices,
            deviation=self._deviation(terms_on),
            version_no=version["version_no"] if version else None,
            version_from=version["effective_from"] if version else None,
            package=self._package(version, prices) if version else None,
        )

    def _contract(self) -> dict[str, Any]:
        for row in self._rows(CONTRACT):
            return row
        known = list(self._connection.scalars(CONTRACT_IDS))
        near = get_close_matches(self._contract_id, known, n=5, cutoff=0.5)
        hint = f"near matches: {', '.join(near)}" if near else f"none of {len(known)} is alike"
        raise UnknownContractError(
            f"there is no contract {self._contract_id!r}; {hint}. Remedy: correct the number, or deliver "
            "feed contract and run the daily refresh"
        )

    def _version(self, version_no: int | None) -> Row | None:
        versions = self._rows(VERSIONS)
        if version_no is None:
            return versions[-1] if versions else None
        for version in versions:
            if version["version_no"] == version_no:
                return version
        known = ", ".join(str(version["version_no"]) for version in versions) or "none"
        raise UnknownContractError(
            f"contract {self._contract_id} has no version {version_no} of its terms; known versions: {known}"
        )

    def _customer(self, customer_id: str, on: object) -> Party:
        for row in self._rows(CUSTOMER, customer_id=customer_id, on=on):
            return Party(**row)
        raise self._missing(f"customer {customer_id} (deliver feed customer)")

    def _deviation(self, on: object) -> Deviation | None:
        for row in self._rows(DEVIATION, on=on):
            down, up = (
                DeviationSide(*(row.pop(f"{side}_{name}") for name in _SIDE)) for side in ("down", "up")
            )
            return Deviation(**row, down=down, up=up)
        return None

    def _package(self, version: Row, prices: Sequence[PeriodPrice]) -> Package:
        name = f"package {version['package_id']} version {version['package_version']}"
        found = self._rows(PACKAGES, package_id=version["package_id"], version=version["package_version"])
        if not found:
            raise self._missing(f"{name} (price or quote its file once, which stores it)")
        if len(found) > 1:
            hashes = ", ".join(row["package_hash"][:12] for row in found)
            raise self._missing(
                f"one definition of {name}: {len(found)} different ones are stored ({hashes}); give a "
                "changed definition a new version"
            )
        try:
            return with_agreed_prices(stored_package(found[0]["body"]), prices)
        except AgreedPriceError as error:
            raise self._missing(f"prices that fit the package ({error})") from error

    def _missing(self, what: str) -> MissingFactsError:
        return MissingFactsError(f"contract {self._contract_id}", [what])

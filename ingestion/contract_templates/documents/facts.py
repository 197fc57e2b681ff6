"""What a document is filled with: plain data, read by the caller (orchestration) from the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ingestion.contract_templates.package import Package


class MissingFactsError(ValueError):
    """A document cannot be made; ``missing`` names each thing that is not in the data, with its remedy."""

    def __init__(self, subject: str, missing: Sequence[str]) -> None:
        """Keep the list and tell it whole."""
        self.missing = tuple(missing)
        super().__init__(f"{subject} cannot be written; missing: " + "; ".join(missing))


@dataclass(frozen=True)
class Party:
    """A party: its legal name (Chinese) and the name for English documents, where it has one."""

    name: str
    name_en: str | None = None


@dataclass(frozen=True)
class Account:
    """A grid account (户号) that the contract covers."""

    account_id: str
    voltage_level: str
    capacity_kva: int


@dataclass(frozen=True)
class MeteringPoint:
    """A metering point of a covered account."""

    metering_point_id: str
    account_id: str
    meter_id: str


@dataclass(frozen=True)
class MonthQuantity:
    """Contracted energy of a delivery month (its first day), in MWh."""

    delivery_month: date
    quantity_mwh: Decimal


@dataclass(frozen=True)
class PeriodPrice:
    """Price of a time-of-use period, or of ``all``, in yuan/MWh with VAT."""

    period: str
    price_cny_per_mwh: Decimal


@dataclass(frozen=True)
class DeviationSide:
    """One side of the contract's own deviation clause; prices by the clause's ``price_basis``."""

    band_rate: Decimal | None
    price: Decimal | None
    second_band_rate: Decimal | None
    second_price: Decimal | None


@dataclass(frozen=True)
class Deviation:
    """The contract's own deviation clause (feed contract_deviation)."""

    mode: str
    price_basis: str | None
    price_series: str | None
    down: DeviationSide
    up: DeviationSide
    borne_by: str | None
    customer_share_rate: Decimal | None


@dataclass(frozen=True)
class ContractFacts:
    """A contract as the warehouse knows it; ``signed_on`` is None for a draft.

    ``version_no`` and ``package`` are None for a contract without a package definition, whose terms are its
    ``prices``. ``total_mwh`` is the sum that the warehouse computed.
    """

    contract_id: str
    customer_id: str
    customer: Party
    retailer: Party
    package_type: str
    signed_on: date | None
    effective_from: date
    effective_to: date
    sales_channel: str | None
    accounts: tuple[Account, ...]
    points: tuple[MeteringPoint, ...]
    quantities: tuple[MonthQuantity, ...]
    total_mwh: Decimal | None
    prices: tuple[PeriodPrice, ...]
    deviation: Deviation | None
    version_no: int | None = None
    version_from: date | None = None
    package: Package | None = None

    def missing(self) -> Iterator[str]:
        """What the contract lacks; a draft may still lack its accounts and quantities."""
        if self.package is None and not self.prices:
            yield "prices (deliver contract_price, or a contract_version with its package)"
        if self.signed_on is not None and not self.accounts:
            yield "accounts (deliver contract_account and account)"
        if self.signed_on is not None and self.accounts and not self.points:
            yield "metering points (deliver metering_point)"
        if self.signed_on is not None and not self.quantities:
            yield "monthly quantities (deliver contract_quantity)"


@dataclass(frozen=True)
class QuotationFacts:
    """A quotation: the package and what SQL priced. Totals and lines are rows of the pricing marts."""

    customer: Party
    retailer: Party
    package: Package
    quoted_on: date
    totals: tuple[Mapping[str, Any], ...]
    lines: tuple[Mapping[str, Any], ...]

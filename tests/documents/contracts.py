"""Facts of a made-up contract, to be changed by tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ingestion.contract_templates.documents.facts import (
    Account,
    ContractFacts,
    MeteringPoint,
    MonthQuantity,
    Party,
    PeriodPrice,
)

FACTS = ContractFacts(
    contract_id="K1",
    customer_id="C001",
    customer=Party("鲁岳精细化工有限公司", "Luyue Fine Chemicals"),
    retailer=Party("齐鲁售电有限公司", "Qilu Power Retail"),
    package_type="fixed",
    signed_on=date(2025, 12, 15),
    effective_from=date(2026, 1, 1),
    effective_to=date(2026, 2, 28),
    sales_channel=None,
    accounts=(Account("370000000101", "10kV", 8000),),
    points=(MeteringPoint("P1", "370000000101", "M1"),),
    quantities=(
        MonthQuantity(date(2026, 1, 1), Decimal("1000.125")),
        MonthQuantity(date(2026, 2, 1), Decimal("900.250")),
    ),
    total_mwh=Decimal("1900.375"),
    prices=(PeriodPrice("all", Decimal("421.500")),),
    deviation=None,
)

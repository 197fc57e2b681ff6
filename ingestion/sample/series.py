"""Monthly series that the sample's packages refer to, and which series its contracts name (made up).

The benchmark price of a month is published on the fifth of the next one. Spot-linked contracts name the
real-time price, which is then taken on their own curve.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ingestion.sample.config import PROVINCE, SOURCE_CENTRE, SOURCE_CRM, at
from ingestion.sample.contracts import Contract
from ingestion.sample.roster import PACKAGES_BESIDE
from ingestion.sample.sales import CHANGES, NEWS_KNOWN
from ingestion.sample.workbooks import START_KNOWN
from ingestion.sample.writer import Delivery, csv_bytes

_HEADER = [
    "province", "series_code", "delivery_month", "value", "unit", "status", "published_on", "publication",
]  # fmt: skip
_NAMED = ["contract_id", "input", "effective_from", "series_code"]
_LINKED = ("sample_linked", "sample_mixed")
_BENCHMARK = (
    "423.600",
    "421.900",
    "419.400",
    "416.200",
    "414.700",
    "418.100",
    "424.900",
    "426.300",
    "421.500",
    "419.800",
)
"""yuan/MWh of January to October."""


def series_deliveries(contracts: list[Contract]) -> Iterator[Delivery]:
    """Give the published months, and the series of each contract that is linked to one."""
    for month, value in enumerate(_BENCHMARK, start=1):
        published = date(2026, month + 1, 5)
        notice = f"鲁价通〔2026〕{month}号"
        row = [PROVINCE, "base", f"2026-{month:02d}", value, "cny_per_mwh", "final", str(published), notice]
        name = f"reference_series-2026-{month:02d}.csv"
        yield Delivery(name, at(published, 15), SOURCE_CENTRE, csv_bytes(_HEADER, [row]))
    linked = [
        [contract.contract_id, "ref", f"{contract.from_on:%Y-%m}", "rt_unified"]
        for contract in contracts
        if PACKAGES_BESIDE.get(contract.customer.number) in _LINKED
    ]
    yield Delivery("contract_series-2025-12.csv", START_KNOWN, SOURCE_CRM, csv_bytes(_NAMED, linked))
    changed = [f"SD26-{CHANGES:03d}-1", "ref", "2026-12", "rt_unified"]
    yield Delivery("contract_series-2026-11.csv", NEWS_KNOWN, SOURCE_CRM, csv_bytes(_NAMED, [changed]))

"""Deviation clauses of the sample's contracts (made up), in the forms that domain §3 names.

A contract without one leaves the retailer with what its use does to the position.
"""

from __future__ import annotations

from decimal import Decimal

from ingestion.sample.config import FIRST_ON
from ingestion.sample.contracts import Contract
from ingestion.sample.writer import Cell

_HEADER = [
    "contract_id", "effective_from", "mode", "price_basis", "price_series", "down_band_rate", "down_price",
    "down_second_band_rate", "down_second_price", "up_band_rate", "up_price", "up_second_band_rate",
    "up_second_price", "borne_by", "customer_share_rate",
]  # fmt: skip
_MONTH = {
    "mode": "month", "price_basis": "cny_per_mwh", "down_band_rate": "0.05", "down_price": "20",
    "up_band_rate": "0.05", "up_price": "20", "borne_by": "customer",
}  # fmt: skip
_STEPS = _MONTH | {
    "down_band_rate": "0.03", "down_second_band_rate": "0.06", "down_second_price": "40",
    "up_band_rate": "0.03", "up_second_band_rate": "0.06", "up_second_price": "40",
}  # fmt: skip
_RATE = _MONTH | {
    "price_basis": "rate_of_series",
    "price_series": "rt_unified",
    "down_price": "0.1",
    "up_price": "0.1",
}
_SHARED = _MONTH | {"borne_by": "shared", "customer_share_rate": "0.5"}
_CLAUSES: dict[int, dict[str, str]] = {
    1: _SHARED, 2: _MONTH, 3: _STEPS, 4: _RATE, 5: _MONTH | {"mode": "quarter"}, 6: _STEPS,
    7: _MONTH | {"mode": "year"}, 8: _MONTH | {"mode": "hourly"}, 9: _SHARED, 10: _STEPS, 11: _MONTH,
    12: _MONTH, 13: _RATE | {"borne_by": "retailer"}, 14: {"mode": "none"}, 23: _MONTH, 27: _MONTH,
    30: _STEPS, 32: _SHARED,
}  # fmt: skip
"""The clause of each customer number that has one."""


def clause_sheet(contracts: list[Contract]) -> tuple[list[str], list[list[Cell]]]:
    """Header and rows of feed contract_deviation for the contracts that begin with the sample's year."""
    rows: list[list[Cell]] = []
    for contract in contracts:
        clause = _CLAUSES.get(contract.customer.number)
        if clause is None or contract.from_on != FIRST_ON:
            continue
        record: dict[str, Cell] = {"contract_id": contract.contract_id, "effective_from": contract.from_on}
        record |= {name: _cell(value) for name, value in clause.items()}
        rows.append([record.get(name) for name in _HEADER])
    return _HEADER, rows


def _cell(text: str) -> Cell:
    return Decimal(text) if text[0].isdigit() else text

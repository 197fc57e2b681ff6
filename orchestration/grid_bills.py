"""Grid bills as the marts know them: an account's month line by line, its totals and the comparison."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

Row = dict[str, Any]

_BILLS = """
select bill, customer_id, customer_name, customer_name_en, energy_kwh, amount_cny, net_cny, vat_cny,
       average_price_cny_per_kwh, charge_basis, declared_kw, max_demand_kw, reactive_kvarh, pf_standard,
       power_factor, pf_rate, is_illustrative
from marts_settlement.settlement_grid_bill
where account_id = :account and delivery_month = :month
order by bill
"""
_LINES = """
select bill, component, item, tou_period, quantity, unit, price_cny, amount_cny, note
from marts_settlement.settlement_grid_bill_line
where account_id = :account and delivery_month = :month
order by bill, part_order, component, item, period_order
"""
_SAVING = """
select agency_cny, market_cny, saving_cny, saving_cny_per_kwh, saving_rate
from marts_settlement.settlement_grid_comparison
where account_id = :account and delivery_month = :month
"""
_BLOCKERS = """
select message, remedy from marts_settlement.settlement_grid_blocker
where delivery_month = :month and (account_id = :account or (account_id is null and province in (
    select contracts.province
    from landing.contract_account as members
    inner join landing.contract as contracts on members.contract_id = contracts.contract_id
    where members.account_id = :account)))
order by message
"""
_MONTHS = """
select distinct to_char(delivery_month, 'YYYY-MM') as month from marts_settlement.settlement_grid_bill
where account_id = :account order by 1
"""


class GridBillError(RuntimeError):
    """An account's month without a grid bill; says why."""


def grid_bill(engine: sa.Engine, account_id: str, month: date) -> Row:
    """An account's month: ``bills`` (agency, and market once the month is settled), each with its ``lines``,
    and ``comparison`` (None before).

    Raises GridBillError with what keeps the month from a bill.
    """
    bills = _rows(engine, _BILLS, account_id, month)
    if not bills:
        raise GridBillError(_why_none(engine, account_id, month))
    lines = _rows(engine, _LINES, account_id, month)
    for bill in bills:
        bill["lines"] = [
            {name: value for name, value in line.items() if name != "bill"}
            for line in lines
            if line["bill"] == bill["bill"]
        ]
    saving = _rows(engine, _SAVING, account_id, month)
    return {
        "account_id": account_id,
        "delivery_month": f"{month:%Y-%m}",
        "bills": bills,
        "comparison": saving[0] if saving else None,
    }


def _why_none(engine: sa.Engine, account_id: str, month: date) -> str:
    blockers = _rows(engine, _BLOCKERS, account_id, month)
    told = f"account {account_id} has no grid bill of {month:%Y-%m}"
    if blockers:
        return "\n".join([f"{told}:", *(f"  {row['message']}; {row['remedy']}" for row in blockers)])
    months = ", ".join(row["month"] for row in _rows(engine, _MONTHS, account_id, month))
    if months:
        return f"{told}; it has those of {months}; run `wattledger settle --month {month:%Y-%m}`"
    return f"{told}; check its number, or run `wattledger settle --month {month:%Y-%m}`"


def _rows(engine: sa.Engine, query: str, account_id: str, month: date) -> list[Row]:
    with engine.connect() as connection:
        found = connection.execute(sa.text(query), {"account": account_id, "month": month})
        return [dict(row) for row in found.mappings()]

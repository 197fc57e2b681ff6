"""Contracts as the marts know them: the book, and one contract with its history, versions and next events."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa

from ingestion.lifecycle.contract import CONTRACT
from ingestion.lifecycle.machine import NONE

Row = dict[str, Any]

_BOOK = """
select contract_id, customer_name, customer_name_en, province, state, state_since_on, is_derived_state,
       package_type, package_id, package_version, effective_from, effective_to, days_to_expiry, renewal_level,
       contract_mwh, executed_mwh, execution_rate, overdue_cny
from marts_sales.sales_contract
where cast(:state as text) is null or state = :state
order by state_place, effective_to, contract_id
"""
_ONE = "select * from marts_sales.sales_contract where contract_id = :contract_id"
_HISTORY = """
select event_no, event, event_zh, event_en, from_state, to_state, happened_on, days_in_from_state, actor,
       reason, registration_no, effective_on, version_no, new_contract_id, fee_cny
from marts_sales.sales_contract_event where contract_id = :contract_id order by event_no
"""
_VERSIONS = """
select version_no, effective_from, valid_to, is_forestalled, package_id, package_version, reason
from marts_sales.sales_contract_version where contract_id = :contract_id order by version_no
"""


class ContractError(RuntimeError):
    """A contract or state that there is not."""


def book(engine: sa.Engine, state: str | None = None) -> list[Row]:
    """Contracts at the last run's business date, in the order of a life.

    Raises ContractError for a state that there is not.
    """
    states = [known.code for known in CONTRACT.states]
    if state is not None and state not in states:
        raise ContractError(f"there is no state {state!r}; states are {', '.join(states)}")
    return _rows(engine, _BOOK, state=state)


def one(engine: sa.Engine, contract_id: str) -> Row:
    """One contract: its row of the book, ``history``, ``versions`` and ``allowed_events``.

    Raises ContractError when no mart knows it.
    """
    found = _rows(engine, _ONE, contract_id=contract_id)
    if not found:
        raise ContractError(_unknown(engine, contract_id))
    history = _rows(engine, _HISTORY, contract_id=contract_id)
    versions = _rows(engine, _VERSIONS, contract_id=contract_id)
    reached = str(history[-1]["to_state"]) if history else NONE
    allowed = list(CONTRACT.allowed(reached))
    return found[0] | {"history": history, "versions": versions, "allowed_events": allowed}


def _unknown(engine: sa.Engine, contract_id: str) -> str:
    known = [
        row["contract_id"] for row in _rows(engine, "select contract_id from marts_sales.sales_contract")
    ]
    near = get_close_matches(contract_id, known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"no contract {contract_id!r} is in the marts; {hint}`wattledger contract list` shows them all"


def _rows(engine: sa.Engine, query: str, **values: object) -> list[Row]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]

"""Correct closed months: what the proposal says is booked as delta lines into the open month.

The proposal (marts_settlement.settlement_correction_proposal) is a view over the marts and the ledger: what
is booked is no longer proposed, and booking twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from orchestration.ledger.booking import LINE_COLUMNS, ROWS_OF_RUN, open_run, step, verify
from orchestration.ledger.marts_run import LedgerError, MartsRun, current_marts_run, take_turn

Row = dict[str, Any]
_PROPOSAL: Final = sa.text(
    """
    select * from marts_settlement.settlement_correction_proposal
    where origin_month = :month and (cast(:province as text) is null or province = :province)
    order by province, status, side, contract_id nulls first, account_id nulls first, component, tou_period
    """
)
_RUN: Final = sa.text(
    """
    select booked_month, supersedes_run_id as supersedes, count(*) as lines,
        array(select distinct p.pack_hash from marts_settlement.settlement_correction_proposal as p
              where p.status = 'proposed' and p.province = :province and p.origin_month = :month
              order by p.pack_hash) as pack_hashes,
        coalesce(cast(:reason as text), string_agg(distinct reason_code, ',' order by reason_code)) as reason
    from marts_settlement.settlement_correction_proposal
    where status = 'proposed' and province = :province and origin_month = :month
    group by booked_month, supersedes_run_id
    """
)
_LINES: Final = sa.text(
    f"""
    insert into ledger.settlement_line (
        line_id, natural_line_id, run_id, province, origin_month, booked_month, {LINE_COLUMNS},
        reason_code, supersedes_line_id
    )
    select line_id, natural_line_id, :run_id, province, origin_month, booked_month, {LINE_COLUMNS},
        coalesce(cast(:reason as text), reason_code), supersedes_line_id
    from marts_settlement.settlement_correction_proposal
    where status = 'proposed' and province = :province and origin_month = :month
    """
)
_SHARES: Final = sa.text(
    """
    insert into ledger.settlement_share (line_id, contract_id, run_id, energy_wh, amount_cny)
    select shares.line_id, shares.contract_id, :run_id, shares.energy_wh, shares.amount_cny
    from marts_settlement.settlement_correction_proposal_share as shares
    inner join marts_settlement.settlement_correction_proposal as lines on shares.line_id = lines.line_id
    where lines.province = :province and lines.origin_month = :month
    """
)
_CONTRACTS: Final = sa.text(
    """
    insert into ledger.settlement_contract (
        run_id, contract_id, customer_id, customer_name, customer_name_en, package_type, energy_wh
    )
    select :run_id, contract_id, customer_id, customer_name, customer_name_en, package_type, energy_wh
    from marts_settlement.settlement_correction_proposal_energy
    where province = :province and origin_month = :month
    """
)
# the run is not closed yet, so that the proposal still shows what it was made from
_CONTROL: Final = """
select 'line ' || proposed.line_id || ' is ' || coalesce(booked.amount_cny, 0) || ', proposed was '
    || proposed.amount_cny
from marts_settlement.settlement_correction_proposal as proposed
left join ledger.settlement_line as booked on proposed.line_id = booked.line_id and booked.run_id = :run_id
where proposed.status = 'proposed' and proposed.province = :province and proposed.origin_month = :month
    and booked.amount_cny is distinct from proposed.amount_cny
"""
_LEFT: Final = sa.text(
    """
    select count(*) from marts_settlement.settlement_correction_proposal
    where status = 'proposed' and province = :province and origin_month = :month
    """
)


@dataclass(frozen=True)
class Booked:
    """A correction that was booked: its run, the month that holds it, and what was written."""

    province: str
    origin_month: date
    booked_month: date
    run_id: int
    reason: str
    margin_cny: Decimal
    rows: dict[str, int]


def proposal(engine: sa.Engine, month: date, province: str | None = None) -> list[Row]:
    """What would be booked for the closed ``month`` now, and what is refused, as rows of the mart."""
    with engine.connect() as connection:
        rows = connection.execute(_PROPOSAL, {"month": month, "province": province})
        return [dict(row) for row in rows.mappings()]


def book_corrections(
    engine: sa.Engine, month: date, actor: str, province: str | None = None, reason: str | None = None
) -> list[Booked]:
    """Book what is proposed for the closed ``month``; nothing when the books hold it already.

    ``engine`` is wl_ledger's; ``reason`` takes the place of the lines' own reason codes. Raises LedgerError
    when the month is not closed or the marts are not current.
    """
    with engine.begin() as connection:
        take_turn(connection)
        provinces = _closed_provinces(connection, month, province)
        source = current_marts_run(connection)
        booked = [_book(connection, name, month, actor, reason, source) for name in provinces]
    return [one for one in booked if one is not None]


def corrections_of(engine: sa.Engine, month: date, province: str | None = None) -> list[Booked]:
    """Corrections of ``month`` that were booked, the oldest first."""
    query = sa.text(
        "select run_id from ledger.settlement_run where kind = 'correction' and origin_month = :month"
        " and (cast(:province as text) is null or province = :province) order by run_id"
    )
    with engine.connect() as connection:
        runs = list(connection.scalars(query, {"month": month, "province": province}))
        return [_report(connection, run_id) for run_id in runs]


def _closed_provinces(connection: sa.Connection, month: date, province: str | None) -> list[str]:
    query = sa.text(
        "select province from ledger.settlement_run where kind = 'settlement' and origin_month = :month"
        " and (cast(:province as text) is null or province = :province) order by province"
    )
    found = list(connection.scalars(query, {"month": month, "province": province}))
    if not found:
        where = f" of {province}" if province else ""
        raise LedgerError(
            f"{month:%Y-%m}{where} is not closed: later data changes its own lines with the next refresh,"
            " and there is nothing to correct"
        )
    return found


def _book(
    connection: sa.Connection,
    province: str,
    month: date,
    actor: str,
    reason: str | None,
    source: MartsRun,
) -> Booked | None:
    values = {"province": province, "month": month, "reason": reason}
    found = connection.execute(_RUN, values).one_or_none()
    if found is None:
        return None
    run_id = open_run(
        connection,
        source,
        province=province,
        kind="correction",
        origin_month=month,
        booked_month=found.booked_month,
        supersedes=found.supersedes,
        reason=found.reason,
        pack_hashes=found.pack_hashes,
    )
    step(connection, run_id, "preliminary", actor)
    for statement in (_LINES, _SHARES, _CONTRACTS):
        connection.execute(statement, {"run_id": run_id, **values})
    verify(connection, run_id, _CONTROL, province=province, month=month)
    step(connection, run_id, "checked", actor)
    step(connection, run_id, "closed", actor)
    if left := connection.execute(_LEFT, values).scalar_one():
        raise LedgerError(f"{left} lines would still be proposed after booking; nothing was booked")
    return _report(connection, run_id)


def _report(connection: sa.Connection, run_id: int) -> Booked:
    query = sa.text(
        """
        select r.province, r.origin_month, r.booked_month, r.reason,
            sum(case when l.side in ('retail', 'income') then l.amount_cny
                when l.side = 'pass_through' then 0 else -l.amount_cny end) as margin_cny
        from ledger.settlement_run r join ledger.settlement_line l using (run_id)
        where r.run_id = :run_id group by r.run_id
        """
    )
    run = connection.execute(query, {"run_id": run_id}).one()
    counted = connection.execute(ROWS_OF_RUN, {"run_id": run_id}).one()
    return Booked(
        province=run.province,
        origin_month=run.origin_month,
        booked_month=run.booked_month,
        run_id=run_id,
        reason=run.reason,
        margin_cny=run.margin_cny,
        rows=dict(counted._mapping),
    )

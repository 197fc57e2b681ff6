"""What closing a month and booking a correction have in common: a run, its steps, and the control sums."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from orchestration.ledger.marts_run import LedgerError, MartsRun
from orchestration.ledger.tables import SETTLEMENT_RUN, SETTLEMENT_RUN_STATE

ROWS_OF_RUN: Final = sa.text(
    """
    select
        (select count(*) from ledger.settlement_line where run_id = :run_id) as lines,
        (select count(*) from ledger.settlement_share where run_id = :run_id) as shares,
        (select count(*) from ledger.settlement_contract where run_id = :run_id) as contracts
    """
)
LINE_COLUMNS: Final = """
    side, contract_id, account_id, customer_id, component, tou_period, quantity_mwh, price_cny_per_mwh,
    average_price_cny_per_mwh, amount_cny, vat_rate, net_cny, vat_cny, pack_hash, is_illustrative, note
"""
_SHARES_ADD_UP: Final = """
select 'the shares of line ' || lines.line_id || ' add up to ' || coalesce(sum(shares.amount_cny), 0)
    || ', the line is ' || lines.amount_cny as failure
from ledger.settlement_line as lines
left join ledger.settlement_share as shares on lines.line_id = shares.line_id
where lines.run_id = :run_id and lines.contract_id is null
group by lines.line_id, lines.amount_cny having coalesce(sum(shares.amount_cny), 0) <> lines.amount_cny
"""


def open_run(connection: sa.Connection, source: MartsRun, **values: object) -> int:
    """Enter a run that was computed by ``source`` and return its id; ``values`` are its other columns."""
    inserted = SETTLEMENT_RUN.insert().values(
        as_of=source.as_of,
        through_batch_seq=source.through_batch_seq,
        business_date=source.business_date,
        code_version=source.code_version,
        input_digest=source.input_digest,
        **values,
    )
    return int(connection.execute(inserted.returning(SETTLEMENT_RUN.c.run_id)).scalar_one())


def step(connection: sa.Connection, run_id: int, state: str, actor: str) -> None:
    """Take a run to ``state``; the database refuses a step that may not follow, naming the allowed one."""
    connection.execute(SETTLEMENT_RUN_STATE.insert().values(run_id=run_id, state=state, actor=actor))


def verify(connection: sa.Connection, run_id: int, control: str, **values: object) -> None:
    """Check that the shares of a run add up to its lines, and that ``control`` finds no failure.

    Raises LedgerError with the first failures; the caller's transaction is then rolled back.
    """
    query = sa.text(f"{_SHARES_ADD_UP} union all {control}")
    if failures := list(connection.scalars(query, {"run_id": run_id, **values})):
        raise LedgerError("the control sums differ, nothing was booked: " + "; ".join(failures[:5]))

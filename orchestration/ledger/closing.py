"""Close delivery months: what the marts hold of them becomes immutable, in one transaction.

A month that is closed already stays as it is, so that closing twice changes nothing; a process that is killed
midway leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from orchestration.ledger.booking import LINE_COLUMNS, ROWS_OF_RUN, open_run, step, verify
from orchestration.ledger.marts_run import (
    LedgerError,
    MartsRun,
    current_marts_run,
    latest_digest,
    take_turn,
)
from orchestration.ledger.tables import SETTLEMENT_RUN, SETTLEMENT_RUN_STATE, SIDES

_ASKED: Final = sa.text(
    """
    select province from ops.settlement_month where delivery_month = :month
    and (cast(:province as text) is null or province = :province) order by province
    """
)
_MONTH: Final = sa.text(
    """
    select months.deviation_rate, array(
        select distinct lines.pack_hash from marts_settlement.settlement_line as lines
        where lines.province = :province and lines.delivery_month = :month and lines.reason_code is null
        order by lines.pack_hash
    ) as pack_hashes
    from marts_settlement.settlement_month as months
    where months.province = :province and months.delivery_month = :month
    """
)
_BLOCKERS: Final = sa.text(
    """
    select message || ' Remedy: ' || remedy from marts_settlement.settlement_blocker
    where province = :province and delivery_month = :month
    order by blocker_kind, object_id, delivery_on, slot
    """
)
_LINES: Final = sa.text(
    f"""
    insert into ledger.settlement_line (
        line_id, natural_line_id, run_id, province, origin_month, booked_month, {LINE_COLUMNS}
    )
    select line_id, natural_line_id, :run_id, province, origin_month, delivery_month, {LINE_COLUMNS}
    from marts_settlement.settlement_line
    where province = :province and delivery_month = :month and reason_code is null
    """
)
_SHARES: Final = sa.text(
    """
    insert into ledger.settlement_share (line_id, contract_id, run_id, energy_wh, amount_cny)
    select line_id, contract_id, :run_id, energy_wh, amount_cny from marts_settlement.settlement_share
    where province = :province and delivery_month = :month and origin_month = :month
    """
)
_CONTRACTS: Final = sa.text(
    """
    insert into ledger.settlement_contract (
        run_id, contract_id, customer_id, customer_name, customer_name_en, package_type, energy_wh
    )
    select :run_id, contract_id, customer_id, customer_name, customer_name_en, package_type, energy_wh
    from marts_settlement.settlement_margin
    where province = :province and delivery_month = :month
    """
)
_HEADS: Final = sa.text(
    """
    insert into ledger.settlement_head (
        run_id, contract_id, customer_id, customer_name, customer_name_en, effective_from, effective_to,
        package_type, version_no, package_id, package_version, package_hash, package_title_zh,
        package_title_en, settles_by, channel_id, channel_name, channel_name_en, market_mean_cny_per_mwh,
        market_mean_source
    )
    select :run_id, heads.contract_id, heads.customer_id, heads.customer_name, heads.customer_name_en,
        heads.effective_from, heads.effective_to, heads.package_type, heads.version_no, heads.package_id,
        heads.package_version, heads.package_hash, heads.package_title_zh, heads.package_title_en,
        heads.settles_by, heads.channel_id, heads.channel_name, heads.channel_name_en,
        alphas.market_mean_cny_per_mwh, alphas.market_mean_source
    from marts_settlement.settlement_statement_contract as heads
    left join marts_settlement.settlement_alpha as alphas
        on heads.contract_id = alphas.contract_id and heads.delivery_month = alphas.delivery_month
    where heads.province = :province and heads.delivery_month = :month
    """
)
_POINTS: Final = sa.text(
    """
    insert into ledger.settlement_point (
        run_id, contract_id, account_id, metering_point_id, meter_ids, from_on, to_on, days, energy_mwh
    )
    select :run_id, contract_id, account_id, metering_point_id, meter_ids, from_on, to_on, days, energy_mwh
    from marts_settlement.settlement_statement_point
    where province = :province and delivery_month = :month
    """
)
# of what was written against what the marts show; corrections booked into the month are not its own
_CONTROL: Final = f"""
select 'the lines of side ' || own.side || ' add up to ' || coalesce(written.amount_cny, 0)
    || ', the month shows ' || own.amount_cny as failure
from marts_settlement.settlement_month as months
cross join lateral (
    values {", ".join(f"('{side}', months.{side}_cny)" for side in SIDES)}
) as totals (side, cny)
cross join lateral (
    select totals.side, totals.cny - coalesce(sum(corrections.amount_cny), 0) as amount_cny
    from marts_settlement.settlement_line as corrections
    where corrections.province = :province and corrections.delivery_month = :month
        and corrections.side = totals.side and corrections.reason_code is not null
) as own
left join lateral (
    select sum(lines.amount_cny) as amount_cny from ledger.settlement_line as lines
    where lines.run_id = :run_id and lines.side = own.side
) as written on true
where months.province = :province and months.delivery_month = :month
    and coalesce(written.amount_cny, 0) <> own.amount_cny
union all
select 'the contracts'' energy is ' || written.energy_wh || ' Wh, the month shows ' || months.energy_wh
from marts_settlement.settlement_month as months
cross join lateral (
    select coalesce(sum(contracts.energy_wh), 0) as energy_wh
    from ledger.settlement_contract as contracts where contracts.run_id = :run_id
) as written
where months.province = :province and months.delivery_month = :month and written.energy_wh <> months.energy_wh
"""


@dataclass(frozen=True)
class Closed:
    """A closed month: its run, who closed it and when; ``is_new`` = by this call, else it was closed before.

    ``has_news`` says that the marts read other inputs now than the month was closed from.
    """

    province: str
    month: date
    run_id: int
    actor: str
    closed_at: datetime
    is_new: bool
    has_news: bool
    rows: dict[str, int]


def close_month(engine: sa.Engine, month: date, actor: str, province: str | None = None) -> list[Closed]:
    """Close ``month`` for every province that it was asked for, or for one; all of them or none.

    ``engine`` is wl_ledger's. Raises LedgerError when a province's month is not settled, is blocked (naming
    what is missing), does not add up, or when the marts are not current.
    """
    with engine.begin() as connection:
        take_turn(connection)
        asked = list(connection.scalars(_ASKED, {"month": month, "province": province}))
        if not asked:
            where = f" of {province}" if province else ""
            command = f"wattledger settle --month {month:%Y-%m}"
            raise LedgerError(f"{month:%Y-%m}{where} was never asked for; run `{command}` first")
        if still_open := [name for name in asked if _closed_run(connection, name, month) is None]:
            source = current_marts_run(connection)
            for name in still_open:
                _close(connection, name, month, actor, source)
        return [_report(connection, name, month) for name in asked]


def closed_months(engine: sa.Engine, month: date, province: str | None = None) -> list[Closed]:
    """Provinces, or the one, for which ``month`` is closed, in their order."""
    run = SETTLEMENT_RUN
    found = sa.select(run.c.province).where(run.c.kind == "settlement", run.c.origin_month == month)
    if province is not None:
        found = found.where(run.c.province == province)
    with engine.connect() as connection:
        names = list(connection.scalars(found.order_by(run.c.province)))
        return [_report(connection, name, month) for name in names]


def _close(connection: sa.Connection, province: str, month: date, actor: str, source: MartsRun) -> None:
    of_month = {"province": province, "month": month}
    if blockers := list(connection.scalars(_BLOCKERS, of_month)):
        shown = "\n".join(f"  - {message}" for message in blockers[:20])
        raise LedgerError(f"{month:%Y-%m} of {province} is blocked and cannot be closed:\n{shown}")
    settled = connection.execute(_MONTH, of_month).one_or_none()
    if settled is None:
        raise LedgerError(
            f"{month:%Y-%m} of {province} is not settled; run `wattledger settle --month {month:%Y-%m}` first"
        )
    run_id = open_run(
        connection,
        source,
        province=province,
        kind="settlement",
        origin_month=month,
        booked_month=month,
        pack_hashes=settled.pack_hashes,
        deviation_rate=settled.deviation_rate,
    )
    step(connection, run_id, "preliminary", actor)
    for statement in (_LINES, _SHARES, _CONTRACTS, _HEADS, _POINTS):
        connection.execute(statement, {"run_id": run_id, **of_month})
    verify(connection, run_id, _CONTROL, **of_month)
    step(connection, run_id, "checked", actor)
    step(connection, run_id, "closed", actor)


def _closed_run(connection: sa.Connection, province: str, month: date) -> sa.Row[tuple[int, str]] | None:
    run = SETTLEMENT_RUN
    return connection.execute(
        sa.select(run.c.run_id, run.c.input_digest).where(
            run.c.kind == "settlement", run.c.province == province, run.c.origin_month == month
        )
    ).one_or_none()


def _report(connection: sa.Connection, province: str, month: date) -> Closed:
    run = _closed_run(connection, province, month)
    assert run is not None, "closed just now or before"
    state = SETTLEMENT_RUN_STATE
    closing = connection.execute(
        sa.select(state.c.actor, state.c.recorded_at, state.c.recorded_at == sa.func.now()).where(
            state.c.run_id == run.run_id, state.c.state == "closed"
        )
    ).one()
    counted = connection.execute(ROWS_OF_RUN, {"run_id": run.run_id}).one()
    return Closed(
        province=province,
        month=month,
        run_id=run.run_id,
        actor=closing.actor,
        closed_at=closing.recorded_at,
        is_new=bool(closing[2]),  # now() is the transaction's
        has_news=run.input_digest != latest_digest(connection),
        rows=dict(counted._mapping),
    )

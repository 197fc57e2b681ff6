"""The external reconciliation of a month as the marts know it: what agrees, what differs, the disputes."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import sqlalchemy as sa

Row = dict[str, Any]

PARTIES: Final = {"grid_company": "grid_statement", "trading_centre": "centre_statement"}
"""Who states, and the feed in which it comes."""

_SUMMARY = """
select party, province, case when is_stated then difference_kind else 'awaited' end as result,
       cast(count(*) as integer) as lines, sum(own_amount_cny) as own_amount_cny,
       sum(stated_amount_cny) as stated_amount_cny, sum(amount_difference_cny) as amount_difference_cny,
       sum(quantity_part_cny) as quantity_part_cny, sum(price_part_cny) as price_part_cny,
       sum(rule_part_cny) as rule_part_cny, sum(margin_effect_cny) as margin_effect_cny
from marts_settlement.settlement_reconciliation
where delivery_month = :month and province = coalesce(cast(:province as text), province)
group by party, province, result
order by party, province, array_position(array['agrees', 'within_tolerance', 'quantity', 'price', 'rule',
    'missing_ours', 'missing_theirs', 'awaited'], case when is_stated then difference_kind else 'awaited' end)
"""
_DISPUTES = """
select dispute_id, addressee, province, side, subject_type, subject_id, customer_id, customer_name,
       customer_name_en, component, title_zh, title_en, tou_period, line_kind, difference_kind,
       quantity_difference_mwh, price_difference_cny_per_mwh, own_amount_cny, stated_amount_cny,
       amount_difference_cny, quantity_part_cny, price_part_cny, rule_part_cny, margin_effect_cny,
       statement_no, counts_from_on, objection_deadline_on, dispute_deadline_on, answer_due_on, formal_on,
       days_left, status, rule_missing
from marts_settlement.settlement_dispute
where delivery_month = :month and province = coalesce(cast(:province as text), province)
order by objection_deadline_on nulls last, abs(margin_effect_cny) desc, dispute_id
"""
_SETTLED = """
select distinct province from marts_settlement.settlement_month where delivery_month = :month order by 1
"""
_LANDED = """
select exists (
    select 1 from landing.grid_statement
    where delivery_month = :month and province = coalesce(cast(:province as text), province)
    union all
    select 1 from landing.centre_statement
    where delivery_month = :month and province = coalesce(cast(:province as text), province)
)
"""


class ReconciliationError(RuntimeError):
    """A month that cannot be reconciled; says why and what to do."""


def reconciliation(engine: sa.Engine, month: date, province: str | None = None) -> Row:
    """A settled month: ``summary`` per party, province and result (yuan, stated less own), ``disputes`` with
    their deadlines, and ``not_delivered``, the parties of each province without a statement.

    Raises ReconciliationError when the month is not settled or no statement of it was delivered.
    """
    values: Row = {"month": month, "province": province}
    with engine.connect() as connection:
        settled = list(connection.scalars(sa.text(_SETTLED), values))
        summary = _rows(connection, _SUMMARY, values)
        if not summary:
            is_landed = bool(connection.scalar(sa.text(_LANDED), values))
            raise ReconciliationError(_why_none(month, province, settled, is_landed=is_landed))
        disputes = _rows(connection, _DISPUTES, values)
    stated = {(row["province"], row["party"]) for row in summary}
    asked = [name for name in settled if province in (None, name)]
    return {
        "delivery_month": f"{month:%Y-%m}",
        "summary": summary,
        "disputes": disputes,
        "not_delivered": [
            {"province": name, "party": party, "feed": feed}
            for name in asked
            for party, feed in PARTIES.items()
            if (name, party) not in stated
        ],
    }


def _why_none(month: date, province: str | None, settled: list[str], *, is_landed: bool) -> str:
    named = f"{month:%Y-%m}" + (f" of {province}" if province else "")
    settle = f"`wattledger settle --month {month:%Y-%m}`"
    if not settled:
        return f"{month:%Y-%m} is not settled, so there is nothing to reconcile; run {settle}"
    if province and province not in settled:
        return f"{named} is not settled; settled are: {', '.join(settled)}; run {settle}"
    if is_landed:
        return f"statements of {named} landed after the marts were made; run {settle}"
    feeds = ", ".join(PARTIES.values())
    return (
        f"no statement of {named} was delivered; fill in a workbook of the feeds {feeds} "
        f"(`wattledger template {PARTIES['grid_company']}`), put it in the inbox and run {settle}"
    )


def _rows(connection: sa.Connection, query: str, values: Row) -> list[Row]:
    return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]

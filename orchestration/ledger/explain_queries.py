"""The queries behind ``wattledger explain``: from a line to the files it rests on, read by ``wl_transform``.

``:cut`` is the last batch that was read when the line was computed; ``:run_id`` the closed run, or NULL.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from orchestration.ledger.booking import LINE_COLUMNS

TOU_PERIODS: Final = ("sharp", "peak", "flat", "valley", "deep_valley")

_LINE: Final = f"origin_month, {LINE_COLUMNS}, reason_code, supersedes_line_id"
LINE: Final = sa.text(
    f"""
    select line_id, natural_line_id, run_id, province, delivery_month, {_LINE}
    from marts_settlement.settlement_line where line_id = :line_id
    union all
    -- booked into a month that has no statement yet, or closed after the marts were made
    select line_id, natural_line_id, run_id, province, booked_month, {_LINE}
    from ledger.settlement_line where line_id = :line_id
    order by run_id nulls last limit 1
    """
)
NEAR_IDS: Final = sa.text(
    # a mistyped id has its beginning or its end right
    """
    select line_id from (
        select line_id from marts_settlement.settlement_line union select line_id from ledger.settlement_line
    ) as lines
    where starts_with(line_id, left(:line_id, 4)) or right(line_id, 4) = right(:line_id, 4)
    """
)
RUN: Final = sa.text(
    """
    select r.run_id, r.kind, r.origin_month, r.booked_month, r.as_of, r.through_batch_seq,
        r.business_date, r.code_version, r.input_digest, r.supersedes, r.reason,
        s.actor as closed_by, s.recorded_at as closed_at
    from ledger.settlement_run r
    left join ledger.settlement_run_state s on s.run_id = r.run_id and s.state = 'closed'
    where r.run_id = :run_id
    """
)
CUT: Final = sa.text("select through_batch_seq from staging.stg_run")
PACK: Final = sa.text(
    """
    select pack_hash, province, pack_version, effective_from, effective_to, status, settlement_form,
        reference_point, vat_rate, illustrative_items, body -> 'sources' as sources
    from reference.rule_pack where pack_hash = :pack_hash
    """
)


def _record(table: str, columns: str, key: str, where: str) -> sa.TextClause:
    """The version of a landed record that counted at the cut, with the line of the file that brought it."""
    return sa.text(
        f"""
        select distinct on ({key}) {columns}, t.version, b.batch_seq, b.known_at, b.file_name, t.line_no
        from landing.{table} t join landing.batch b using (batch_id)
        where b.batch_seq <= :cut and {where} order by {key}, t.version desc
        """
    )


CONTRACT: Final = _record(
    "contract",
    "contract_id, customer_id, package_type, signed_on, effective_from, effective_to",
    "contract_id",
    "contract_id = :contract_id",
)
TERMS: Final = _record(
    "contract_version",
    "contract_id, version_no, effective_from, package_id, package_version, reason",
    "contract_id, version_no",
    "contract_id = :contract_id and effective_from < :month + interval '1 month'",
)
PRICE: Final = _record(
    "contract_price",
    "contract_id, component, period, price_cny_per_mwh",
    "contract_id, component, period",
    "contract_id = :contract_id and component = :component and period = :tou_period",
)
MARKET_PRICES: Final = _record(
    "market_price_day",
    "province, price_series, delivery_on",
    "province, price_series, delivery_on",
    "province = :province and delivery_on >= :month and delivery_on < :month + interval '1 month'",
)
DAY_AHEAD: Final = _record(
    "day_ahead_day",
    "province, delivery_on",
    "province, delivery_on",
    "province = :province and delivery_on >= :month and delivery_on < :month + interval '1 month'",
)
TRADES: Final = _record(
    "trade_day",
    "trade_id, delivery_on, province, product, side, price_cny_per_mwh",
    "trade_id, delivery_on",
    "province = :province and delivery_on >= :month and delivery_on < :month + interval '1 month'",
)
PURCHASE_DAYS: Final = sa.text(
    """
    select days.delivery_on, contracts.energy_wh, contracts.energy_rt_nano, positions.day_ahead_wh,
        positions.day_ahead_difference_nano, positions.mlt_wh, positions.mlt_difference_nano
    from intermediate.int_settlement_day as days
    left join (
        select province, delivery_on, sum(energy_wh) as energy_wh, sum(energy_rt_nano) as energy_rt_nano
        from intermediate.int_contract_day_value group by province, delivery_on
    ) as contracts using (province, delivery_on)
    left join intermediate.int_position_day_value as positions using (province, delivery_on)
    where days.province = :province and days.delivery_month = :month order by days.delivery_on
    """
)
SHARES: Final = sa.text(
    """
    select contract_id, energy_wh, amount_cny from marts_settlement.settlement_share where line_id = :line_id
    union select contract_id, energy_wh, amount_cny from ledger.settlement_share where line_id = :line_id
    order by contract_id
    """
)
CORRECTIONS: Final = sa.text(
    """
    select line_id, run_id, booked_month, reason_code, quantity_mwh, amount_cny, note
    from ledger.settlement_line where natural_line_id = :natural_line_id and reason_code is not null
    order by run_id
    """
)
_DAYS: Final = """
    select days.metering_point_id, days.account_id, days.delivery_on, days.{energy} as energy_wh,
        days.quality, days.imported_version as version, days.imported_batch_seq as batch_seq,
        days.imported_file_name as file_name, days.imported_line_no as line_no,
        days.exported_version, days.exported_file_name, days.exported_line_no
    from intermediate.int_known_point_day as days
    where days.run_id is not distinct from :run_id and days.province = :province
        and (cast(:contract_id as text) is null or days.contract_id = :contract_id)
        and (cast(:account_id as text) is null or days.account_id = :account_id)
        and days.delivery_on >= :month and days.delivery_on < :month + interval '1 month'
    order by days.metering_point_id, days.delivery_on
"""


def meter_days(tou_period: str) -> sa.TextClause:
    """Point-days behind a line with the energy of its period; of any other word, of the whole day."""
    return sa.text(_DAYS.format(energy=f"{tou_period}_wh" if tou_period in TOU_PERIODS else "energy_wh"))

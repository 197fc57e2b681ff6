-- every correction that was booked, also into a month that has no statement yet
select
    lines.line_id,
    lines.natural_line_id,
    lines.supersedes_line_id,
    lines.run_id,
    lines.province,
    lines.origin_month,
    lines.booked_month,
    lines.reason_code,
    runs.actor,
    lines.side,
    lines.contract_id,
    lines.account_id,
    lines.customer_id,
    lines.component,
    lines.tou_period,
    lines.quantity_mwh,
    lines.price_cny_per_mwh,
    lines.amount_cny,
    lines.net_cny,
    lines.vat_cny,
    lines.is_illustrative,
    lines.note
from {{ ref('stg_ledger_line') }} as lines
inner join {{ ref('stg_ledger_run') }} as runs on lines.run_id = runs.run_id
where runs.kind = 'correction'

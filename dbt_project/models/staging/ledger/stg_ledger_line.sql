{{ config(materialized='view') }}

select
    lines.line_id,
    lines.natural_line_id,
    lines.run_id,
    lines.province,
    lines.origin_month,
    lines.booked_month,
    lines.side,
    lines.contract_id,
    lines.account_id,
    lines.customer_id,
    lines.component,
    lines.tou_period,
    lines.quantity_mwh,
    lines.price_cny_per_mwh,
    lines.average_price_cny_per_mwh,
    lines.amount_cny,
    lines.vat_rate,
    lines.net_cny,
    lines.vat_cny,
    lines.pack_hash,
    lines.is_illustrative,
    lines.note,
    lines.reason_code,
    lines.supersedes_line_id
from {{ source('ledger', 'settlement_line') }} as lines
inner join {{ ref('stg_ledger_run') }} as runs on lines.run_id = runs.run_id

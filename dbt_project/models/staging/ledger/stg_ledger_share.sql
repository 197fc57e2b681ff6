{{ config(materialized='view') }}

select
    shares.line_id,
    shares.contract_id,
    shares.run_id,
    lines.natural_line_id,
    lines.province,
    lines.origin_month,
    lines.booked_month,
    shares.energy_wh,
    shares.amount_cny
from {{ source('ledger', 'settlement_share') }} as shares
inner join {{ ref('stg_ledger_line') }} as lines on shares.line_id = lines.line_id

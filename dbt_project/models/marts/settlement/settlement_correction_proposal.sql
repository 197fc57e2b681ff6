{{ config(materialized='view') }}

-- What would be booked now to correct closed months, and what is refused. A view: it follows the ledger, so that what was booked
-- is not proposed again.
with lines as (
    select * from {{ ref('int_correction_line') }}
    union all
    select * from {{ ref('int_correction_difference') }}
),

blocked as (
    select *
    from {{ ref('int_correction_month') }}
    where not is_head_settled
)

select
    -- of the line that it follows on: the same correction cannot be booked twice
    md5(concat_ws('|', 'correction', lines.natural_line_id, coalesce(lines.supersedes_line_id, '-'))) as line_id,
    lines.natural_line_id,
    lines.supersedes_line_id,
    lines.last_run_id as supersedes_run_id,
    lines.province,
    lines.origin_month,
    lines.booked_month,
    case when lines.refusal_code is null then 'proposed' else 'refused' end as status,
    lines.refusal_code,
    lines.refusal,
    lines.reason_code,
    lines.correction_method,
    lines.treatment,
    lines.side,
    lines.contract_id,
    lines.account_id,
    lines.customer_id,
    lines.component,
    lines.tou_period,
    cast(lines.books_quantity_mwh as numeric(16, 3)) as books_quantity_mwh,
    cast(lines.head_quantity_mwh as numeric(16, 3)) as head_quantity_mwh,
    cast(lines.quantity_mwh as numeric(16, 3)) as quantity_mwh,
    cast(lines.price_cny_per_mwh as numeric(12, 3)) as price_cny_per_mwh,
    cast({{ half_up('lines.amount_cny / nullif(lines.quantity_mwh, 0)', 3) }} as numeric(12, 3)) as average_price_cny_per_mwh,
    cast(lines.books_amount_cny as numeric(16, 2)) as books_amount_cny,
    cast(lines.head_amount_cny as numeric(16, 2)) as head_amount_cny,
    cast(lines.amount_cny as numeric(16, 2)) as amount_cny,
    lines.vat_rate,
    cast(lines.net_cny as numeric(16, 2)) as net_cny,
    cast(lines.amount_cny - lines.net_cny as numeric(16, 2)) as vat_cny,
    lines.pack_hash,
    lines.is_illustrative,
    'corrects ' || to_char(lines.origin_month, 'YYYY-MM') || case lines.treatment
        when 'full' then ': what is known now less what is in the books'
        when 'mean_of_contract' then ': changed quantity at the contract''s mean price of that month'
        when 'mean_of_market' then ': changed energy at the real-time mean of that month'
        when 'price_difference' then ': changed quantity at package price less purchase mean of that month'
        else ''
    end as note
from lines

union all

select
    md5(concat_ws('|', 'blocked', blocked.province, to_char(blocked.origin_month, 'YYYY-MM'))) as line_id,
    cast(null as text) as natural_line_id,
    cast(null as text) as supersedes_line_id,
    blocked.last_run_id as supersedes_run_id,
    blocked.province,
    blocked.origin_month,
    blocked.booked_month,
    'refused' as status,
    blocked.refusal_code,
    blocked.refusal,
    cast(null as text) as reason_code,
    blocked.correction_method,
    cast(null as text) as treatment,
    cast(null as text) as side,
    cast(null as text) as contract_id,
    cast(null as text) as account_id,
    cast(null as text) as customer_id,
    cast(null as text) as component,
    cast(null as text) as tou_period,
    cast(null as numeric) as books_quantity_mwh,
    cast(null as numeric) as head_quantity_mwh,
    cast(null as numeric) as quantity_mwh,
    cast(null as numeric) as price_cny_per_mwh,
    cast(null as numeric) as average_price_cny_per_mwh,
    cast(null as numeric) as books_amount_cny,
    cast(null as numeric) as head_amount_cny,
    cast(null as numeric) as amount_cny,
    cast(null as numeric) as vat_rate,
    cast(null as numeric) as net_cny,
    cast(null as numeric) as vat_cny,
    cast(null as text) as pack_hash,
    cast(null as boolean) as is_illustrative,
    'the month as known now is blocked' as note
from blocked

-- contracts' shares of the lines of the books that have no contract
with shares as (
    select
        head.line_id,
        cast(null as bigint) as run_id,
        head.contract_id,
        head.energy_wh,
        head.amount_cny
    from {{ ref('int_settlement_share') }} as head

    union all

    select
        booked.line_id,
        booked.run_id,
        booked.contract_id,
        booked.energy_wh,
        booked.amount_cny
    from {{ ref('stg_ledger_share') }} as booked
)

select
    shares.line_id,
    shares.run_id,
    lines.province,
    lines.delivery_month,
    lines.origin_month,
    lines.is_open_month,
    lines.side,
    lines.component,
    shares.contract_id,
    shares.energy_wh,
    shares.amount_cny,
    lines.is_illustrative
from shares
-- a closed month's line has the same id in the ledger and as computed: each with its own shares
inner join {{ ref('int_book_line') }} as lines
    on
        shares.line_id = lines.line_id
        and shares.run_id is not distinct from lines.run_id

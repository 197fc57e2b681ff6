{{ config(materialized='view') }}

-- contracts' shares of the lines that have no contract: as known now less what the books hold
with head as (
    select
        shares.province,
        shares.delivery_month as origin_month,
        shares.line_id as natural_line_id,
        shares.contract_id,
        shares.energy_wh,
        shares.amount_cny
    from {{ ref('int_settlement_share') }} as shares
),

books as (
    select
        shares.province,
        shares.origin_month,
        shares.natural_line_id,
        shares.contract_id,
        -shares.energy_wh as energy_wh,
        -shares.amount_cny as amount_cny
    from {{ ref('stg_ledger_share') }} as shares
),

both_sides as (
    select * from head
    union all
    select * from books
)

select
    both_sides.province,
    both_sides.origin_month,
    both_sides.natural_line_id,
    both_sides.contract_id,
    cast(sum(both_sides.energy_wh) as bigint) as energy_wh,
    sum(both_sides.amount_cny) as amount_cny
from both_sides
inner join {{ ref('int_correction_month') }} as months
    on
        both_sides.province = months.province
        and both_sides.origin_month = months.origin_month
where months.is_head_settled
group by both_sides.province, both_sides.origin_month, both_sides.natural_line_id, both_sides.contract_id
having
    sum(both_sides.energy_wh) <> 0
    or sum(both_sides.amount_cny) <> 0

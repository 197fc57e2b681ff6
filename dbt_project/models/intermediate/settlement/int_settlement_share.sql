{{ config(pre_hook='{{ linear_joins() }}') }}
-- what each contract bears of the lines that have none, with the energy that its share rests on
with energy as (
    select
        days.province,
        days.delivery_month,
        days.pack_hash,
        days.contract_id,
        cast(sum(days.energy_wh) as bigint) as energy_wh
    from {{ ref('int_contract_day_value') }} as days
    group by days.province, days.delivery_month, days.pack_hash, days.contract_id
)

select
    lines.line_id,
    lines.province,
    lines.delivery_month,
    lines.is_open_month,
    shares.contract_id,
    coalesce(energy.energy_wh, 0) as energy_wh,
    cast(shares.amount_fen as numeric) / 100 as amount_cny
from {{ ref('int_wholesale_allocation') }} as shares
inner join {{ ref('int_settlement_line') }} as lines
    on
        shares.province = lines.province
        and shares.delivery_month = lines.delivery_month
        and shares.pack_hash = lines.pack_hash
        and shares.side = lines.side
        and shares.component = lines.component
        and lines.contract_id is null
left join energy
    on
        shares.province = energy.province
        and shares.delivery_month = energy.delivery_month
        and shares.pack_hash = energy.pack_hash
        and shares.contract_id = energy.contract_id

-- the three wholesale lines of a month and rule pack; here, and only here, their amounts are rounded
with daily as (
    select
        contracts.province,
        contracts.delivery_month,
        contracts.is_open_month,
        contracts.pack_hash,
        'energy_rt' as component,
        contracts.energy_wh as quantity_wh,
        contracts.energy_rt_nano as amount_nano
    from {{ ref('int_contract_day_value') }} as contracts

    union all

    select
        positions.province,
        positions.delivery_month,
        positions.is_open_month,
        positions.pack_hash,
        terms.component,
        terms.quantity_wh,
        terms.amount_nano
    from {{ ref('int_position_day_value') }} as positions
    cross join lateral (
        values
        ('day_ahead_difference', positions.day_ahead_wh, positions.day_ahead_difference_nano),
        ('mlt_difference', positions.mlt_wh, positions.mlt_difference_nano)
    ) as terms (component, quantity_wh, amount_nano)
)

select
    daily.province,
    daily.delivery_month,
    daily.is_open_month,
    daily.pack_hash,
    daily.component,
    sum(daily.quantity_wh) as quantity_wh,
    -- one unknown term makes the amount unknown; sum() alone would skip it
    case when count(*) = count(daily.amount_nano) then {{ nano_to_cny('sum(daily.amount_nano)') }} end as amount_cny
from daily
group by daily.province, daily.delivery_month, daily.is_open_month, daily.pack_hash, daily.component

-- every line that the retailer settles with the market: energy (wholesale), recoveries, and items of the trading centre
select
    wholesale.province,
    wholesale.delivery_month,
    wholesale.is_open_month,
    wholesale.pack_hash,
    'wholesale' as side,
    wholesale.component,
    wholesale.quantity_mwh,
    wholesale.price_cny_per_mwh,
    wholesale.amount_cny,
    wholesale.exact_nano,
    wholesale.is_whole_month,
    case
        when wholesale.component = 'energy_rt' then 'actual energy at the real-time price, per slot'
        when wholesale.component = 'day_ahead_difference' then 'day-ahead quantity at day-ahead less real-time price, per slot'
        when wholesale.component = 'mlt_difference' then 'contract quantity at contract less reference price, per slot'
        when wholesale.component = 'contract_energy' then 'contract quantity at contract price'
        when wholesale.component = 'day_ahead_deviation' then 'day-ahead less contract quantity at the day-ahead price, per slot'
        when wholesale.component = 'real_time_deviation' then 'actual less day-ahead quantity at the real-time price, per slot'
        when wholesale.component = 'deviation_energy' then 'actual less contract energy of the month at the balance price'
        when wholesale.component = 'month_end_meter_difference'
            then 'month total less the sum of the days, at the real-time mean of the month'
        else 'deviation of the month in that step outside the free band'
    end as note
from {{ ref('int_wholesale_line') }} as wholesale

union all

select
    recoveries.province,
    recoveries.delivery_month,
    recoveries.is_open_month,
    recoveries.pack_hash,
    'recovery' as side,
    recoveries.component,
    recoveries.quantity_mwh,
    recoveries.price_cny_per_mwh,
    recoveries.amount_cny,
    cast(null as numeric) as exact_nano,
    false as is_whole_month,
    recoveries.note
from {{ ref('int_recovery_line') }} as recoveries

union all

select
    items.province,
    items.delivery_month,
    items.is_open_month,
    items.pack_hash,
    items.side,
    items.component,
    items.quantity_mwh,
    items.price_cny_per_mwh,
    items.amount_cny,
    cast(null as numeric) as exact_nano,
    true as is_whole_month,
    items.note
from {{ ref('int_market_item_line') }} as items

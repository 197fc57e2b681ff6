-- The wholesale lines of a month and rule pack by the pack's form (domain §4.1, §4.2); here, and only here, their amounts
-- are rounded. exact_nano is the unrounded amount in 1e-9 yuan where every slot has its own price.
with daily as (
    select
        contracts.province,
        contracts.delivery_month,
        contracts.is_open_month,
        contracts.pack_hash,
        case contracts.settlement_form when 'two_settlement' then 'real_time_deviation' else 'energy_rt' end as component,
        contracts.energy_wh as quantity_wh,
        contracts.energy_rt_nano as amount_nano
    from {{ ref('int_contract_day_value') }} as contracts
    where contracts.settlement_form <> 'monthly_balance'

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
    cross join
        lateral (
            values
            ('difference', 'day_ahead_difference', positions.day_ahead_wh, positions.day_ahead_difference_nano),
            ('difference', 'mlt_difference', positions.mlt_wh, positions.mlt_difference_nano),
            ('two_settlement', 'contract_energy', positions.mlt_wh, positions.mlt_cost_nano),
            (
                'two_settlement', 'day_ahead_deviation', positions.day_ahead_wh - positions.mlt_wh,
                positions.day_ahead_deviation_nano
            ),
            ('two_settlement', 'real_time_deviation', -positions.day_ahead_wh, -positions.day_ahead_at_rt_nano)
        ) as terms (settlement_form, component, quantity_wh, amount_nano)
    where terms.settlement_form = positions.settlement_form
),

spot as (
    select
        daily.province,
        daily.delivery_month,
        daily.is_open_month,
        daily.pack_hash,
        daily.component,
        sum(daily.quantity_wh) as quantity_wh,
        -- one unknown term makes the amount unknown; sum() alone would skip it
        case when count(*) = count(daily.amount_nano) then sum(daily.amount_nano) end as amount_nano
    from daily
    group by daily.province, daily.delivery_month, daily.is_open_month, daily.pack_hash, daily.component
),

-- priced at the month's real-time mean on the own curve; a total that came late is of the whole month
metered as (
    select
        differences.province,
        differences.delivery_month,
        {{ wh_to_mwh('sum(differences.difference_kwh) * 1000') }} as quantity_mwh
    from {{ ref('int_month_difference') }} as differences
    where not differences.is_contested
    group by differences.province, differences.delivery_month
),

real_time_mean as (
    select
        contracts.province,
        contracts.delivery_month,
        {{ half_up('sum(contracts.energy_rt_nano) * 0.001 / nullif(sum(contracts.energy_wh), 0)', 3) }} as price_cny_per_mwh
    from {{ ref('int_contract_day_value') }} as contracts
    where contracts.settlement_form <> 'monthly_balance'
    group by contracts.province, contracts.delivery_month
),

last_pack as (
    select distinct on (days.province, days.delivery_month)
        days.province,
        days.delivery_month,
        days.is_open_month,
        days.pack_hash,
        days.month_end_meter_difference
    from {{ ref('int_settlement_day') }} as days
    order by days.province asc, days.delivery_month asc, days.delivery_on desc
)

select
    spot.province,
    spot.delivery_month,
    spot.is_open_month,
    spot.pack_hash,
    spot.component,
    {{ wh_to_mwh('spot.quantity_wh') }} as quantity_mwh,
    cast(null as numeric) as price_cny_per_mwh,
    {{ nano_to_cny('spot.amount_nano') }} as amount_cny,
    spot.amount_nano as exact_nano,
    false as is_whole_month
from spot

union all

select
    balance.province,
    balance.delivery_month,
    balance.is_open_month,
    balance.pack_hash,
    balance.component,
    balance.quantity_mwh,
    balance.price_cny_per_mwh,
    balance.amount_cny,
    cast(null as numeric) as exact_nano,
    false as is_whole_month
from {{ ref('int_wholesale_balance') }} as balance
-- what the running month does not know yet waits; a month asked for is blocked by it
where balance.amount_cny is not null or not balance.is_open_month

union all

select
    last_pack.province,
    last_pack.delivery_month,
    last_pack.is_open_month,
    last_pack.pack_hash,
    'month_end_meter_difference' as component,
    metered.quantity_mwh,
    real_time_mean.price_cny_per_mwh,
    {{ half_up('metered.quantity_mwh * real_time_mean.price_cny_per_mwh', 2) }} as amount_cny,
    cast(null as numeric) as exact_nano,
    true as is_whole_month
from last_pack
inner join metered
    on
        last_pack.province = metered.province
        and last_pack.delivery_month = metered.delivery_month
inner join real_time_mean
    on
        last_pack.province = real_time_mean.province
        and last_pack.delivery_month = real_time_mean.delivery_month
where last_pack.month_end_meter_difference = 'priced_line' and metered.quantity_mwh <> 0

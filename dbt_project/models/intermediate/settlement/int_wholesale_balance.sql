-- The physical monthly balance (domain §4.2): contracts at contract price, energy that differs from them at the balance price,
-- and the price of the deviation by steps outside the free band. Actual energy is that of the month's meters, where it is
-- known. Amounts in yuan, rounded per line.
with positions as (
    select
        positions.province,
        positions.delivery_month,
        positions.is_open_month,
        positions.pack_hash,
        sum(positions.mlt_wh) as mlt_wh,
        sum(positions.mlt_cost_nano) as mlt_cost_nano
    from {{ ref('int_position_day_value') }} as positions
    where positions.settlement_form = 'monthly_balance'
    group by positions.province, positions.delivery_month, positions.is_open_month, positions.pack_hash
),

used as (
    select
        contracts.province,
        contracts.delivery_month,
        contracts.pack_hash,
        sum(contracts.energy_wh) as energy_wh
    from {{ ref('int_contract_day_value') }} as contracts
    where contracts.settlement_form = 'monthly_balance'
    group by contracts.province, contracts.delivery_month, contracts.pack_hash
),

metered as (
    select
        packs.province,
        packs.delivery_month,
        packs.pack_hash,
        sum(differences.difference_kwh) * 1000 as difference_wh
    from (
        select distinct on (days.province, days.delivery_month)
            days.province,
            days.delivery_month,
            days.pack_hash,
            days.month_end_meter_difference
        from {{ ref('int_settlement_day') }} as days
        order by days.province asc, days.delivery_month asc, days.delivery_on desc
    ) as packs
    inner join {{ ref('int_month_difference') }} as differences
        on
            packs.province = differences.province
            and packs.delivery_month = differences.delivery_month
    where packs.month_end_meter_difference = 'priced_line' and not differences.is_contested
    group by packs.province, packs.delivery_month, packs.pack_hash
),

rules as (
    select distinct
        days.pack_hash,
        days.balance_energy_price
    from {{ ref('int_settlement_day') }} as days
),

compared as (
    select
        positions.*,
        used.energy_wh + coalesce(metered.difference_wh, 0) - positions.mlt_wh as deviation_wh,
        case rules.balance_energy_price
            when 'mlt_own_mean' then {{ half_up('positions.mlt_cost_nano * 0.001 / nullif(positions.mlt_wh, 0)', 3) }}
            when 'announced' then {{ half_up('balance.value', 3) }}
        end as balance_price
    from positions
    inner join used
        on
            positions.province = used.province
            and positions.delivery_month = used.delivery_month
            and positions.pack_hash = used.pack_hash
    inner join rules on positions.pack_hash = rules.pack_hash
    left join metered
        on
            positions.province = metered.province
            and positions.delivery_month = metered.delivery_month
            and positions.pack_hash = metered.pack_hash
    left join {{ ref('stg_market_parameter') }} as balance
        on
            positions.province = balance.province
            and positions.delivery_month = balance.delivery_month
            and balance.parameter = 'balance_price'
),

steps as (
    select
        compared.province,
        compared.delivery_month,
        compared.is_open_month,
        compared.pack_hash,
        bands.direction || '_' || bands.step as step_name,
        {{ wh_to_mwh('greatest(
            least(abs(compared.deviation_wh), bands.to_rate * compared.mlt_wh) - bands.from_rate * compared.mlt_wh, 0
        )') }} as quantity_mwh,
        coalesce(bands.price_cny_per_mwh, {{ half_up('announced.value', 3) }}) as price_cny_per_mwh
    from compared
    inner join {{ ref('stg_deviation_band') }} as bands
        on
            compared.pack_hash = bands.pack_hash
            and case when compared.deviation_wh > 0 then 'over' when compared.deviation_wh < 0 then 'under' end = bands.direction
    left join {{ ref('stg_market_parameter') }} as announced
        on
            compared.province = announced.province
            and compared.delivery_month = announced.delivery_month
            and announced.parameter = 'deviation_' || bands.direction || '_' || bands.step || '.price'
)

select
    compared.province,
    compared.delivery_month,
    compared.is_open_month,
    compared.pack_hash,
    'contract_energy' as component,
    {{ wh_to_mwh('compared.mlt_wh') }} as quantity_mwh,
    cast(null as numeric) as price_cny_per_mwh,
    {{ nano_to_cny('compared.mlt_cost_nano') }} as amount_cny
from compared

union all

select
    compared.province,
    compared.delivery_month,
    compared.is_open_month,
    compared.pack_hash,
    'deviation_energy' as component,
    {{ wh_to_mwh('compared.deviation_wh') }} as quantity_mwh,
    compared.balance_price as price_cny_per_mwh,
    {{ half_up(wh_to_mwh('compared.deviation_wh') ~ ' * compared.balance_price', 2) }} as amount_cny
from compared

union all

select
    steps.province,
    steps.delivery_month,
    steps.is_open_month,
    steps.pack_hash,
    'deviation_' || steps.step_name as component,
    steps.quantity_mwh,
    steps.price_cny_per_mwh,
    {{ half_up('steps.quantity_mwh * steps.price_cny_per_mwh', 2) }} as amount_cny
from steps
-- the running month is not over, so that nobody has deviated yet
where not steps.is_open_month

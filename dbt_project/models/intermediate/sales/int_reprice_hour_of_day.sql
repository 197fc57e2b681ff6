{{ config(materialized='view') }}

-- Settled energy of each contract-month by hours of the day, h01 … h24, for prices of 24 hours. Whole kWh by largest
-- remainder per account, as billed.
with billed as (
    select
        quantities.contract_id,
        quantities.account_id,
        quantities.delivery_month,
        sum(quantities.quantity_kwh) as quantity_kwh
    from {{ ref('int_retail_quantity') }} as quantities
    where not quantities.is_open_month
    group by quantities.contract_id, quantities.account_id, quantities.delivery_month
),

account_hours as (
    select
        billed.contract_id,
        billed.account_id,
        billed.delivery_month,
        {%- for hour in hour_columns() %}
            sum({{ curve_sum('net', range(loop.index0 * 4 + 1, loop.index0 * 4 + 5)) }}) as {{ hour }},
        {%- endfor %}
        max(billed.quantity_kwh) as account_kwh
    from billed
    inner join {{ ref('int_point_day_energy') }} as points
        on
            billed.contract_id = points.contract_id
            and billed.account_id = points.account_id
    inner join {{ ref('int_settlement_day') }} as days
        on
            points.province = days.province
            and points.delivery_on = days.delivery_on
            and billed.delivery_month = days.delivery_month
    inner join {{ ref('int_point_day_net') }} as net
        on
            points.delivery_on = net.delivery_on
            and points.metering_point_id = net.metering_point_id
    group by billed.contract_id, billed.account_id, billed.delivery_month
),

day_shares as (
    select
        account_hours.contract_id,
        account_hours.delivery_month,
        hours.period,
        {{ largest_remainder(
            numerator='hours.wh',
            denominator='1000',
            total='account_hours.account_kwh',
            partition_by='account_hours.contract_id, account_hours.account_id, account_hours.delivery_month',
            order_by='hours.period',
        ) }} as quantity_kwh
    from account_hours
    cross join
        lateral (
            values
            {%- for hour in hour_columns() %}
                ('{{ hour }}', account_hours.{{ hour }}){{ ',' if not loop.last }}
            {%- endfor %}
        ) as hours (period, wh)
)

select
    day_shares.contract_id,
    day_shares.delivery_month,
    day_shares.period,
    cast(sum(day_shares.quantity_kwh) as numeric) * 0.001 as energy_mwh
from day_shares
group by day_shares.contract_id, day_shares.delivery_month, day_shares.period

{{ config(materialized='view') }}

-- Settled energy of each contract-month by hours of the day (h01 … h24: prices for 24 hours) and by hours of the month
-- (d01h01 …: hourly deviation clauses). Whole kWh by largest remainder of the billed energy, per account where it is
-- billed so.
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

month_hours as (
    select
        days.delivery_month,
        curves.contract_id,
        curves.delivery_on,
        hours.hour,
        hours.wh,
        {{ half_up('sum(hours.wh) over (partition by curves.contract_id, days.delivery_month) / 1000', 0) }} as month_kwh
    from {{ ref('int_settlement_day') }} as days
    inner join {{ ref('int_contract_day_curve') }} as curves
        on
            days.province = curves.province
            and days.delivery_on = curves.delivery_on
    cross join
        lateral (
            values
            {%- for hour in hour_columns() %}
                ('{{ hour }}', {{ curve_sum('curves', range(loop.index0 * 4 + 1, loop.index0 * 4 + 5)) }}){{ ',' if not loop.last }}
            {%- endfor %}
        ) as hours (hour, wh)
    where not days.is_open_month
),

quantities as (
    select
        account_hours.contract_id,
        account_hours.delivery_month,
        'hour_of_day' as division,
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

    union all

    select
        month_hours.contract_id,
        month_hours.delivery_month,
        'hour' as division,
        to_char(month_hours.delivery_on, '"d"DD') || month_hours.hour as period,
        {{ largest_remainder(
            numerator='month_hours.wh',
            denominator='1000',
            total='month_hours.month_kwh',
            partition_by='month_hours.contract_id, month_hours.delivery_month',
            order_by='month_hours.delivery_on, month_hours.hour',
        ) }} as quantity_kwh
    from month_hours
)

select
    quantities.contract_id,
    quantities.delivery_month,
    quantities.division,
    quantities.period,
    cast(sum(quantities.quantity_kwh) as numeric) * 0.001 as energy_mwh
from quantities
group by quantities.contract_id, quantities.delivery_month, quantities.division, quantities.period

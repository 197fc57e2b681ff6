{{ config(materialized='view') }}

-- Settled energy of each contract-month by hours of the month, d01h01 …, for hourly deviation clauses. Whole kWh by
-- largest remainder of the contract's energy, rounded once.
with month_hours as (
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

month_shares as (
    select
        month_hours.contract_id,
        month_hours.delivery_month,
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
    month_shares.contract_id,
    month_shares.delivery_month,
    month_shares.period,
    cast(month_shares.quantity_kwh as numeric) * 0.001 as energy_mwh
from month_shares

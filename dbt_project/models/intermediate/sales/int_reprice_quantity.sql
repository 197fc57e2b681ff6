{{ config(materialized='view') }}

-- Settled energy of each contract-month as a pricing reads it, in every way that a package may divide it. Whole kWh by
-- largest remainder per account, as billed, so that each division adds up to the billed energy. A month whose
-- time-of-use periods are not all known has no such division.
with settled as (
    select
        quantities.contract_id,
        quantities.account_id,
        quantities.delivery_month,
        quantities.tou_period,
        sum(quantities.quantity_kwh) as quantity_kwh
    from {{ ref('int_retail_quantity') }} as quantities
    where not quantities.is_open_month
    group by quantities.contract_id, quantities.account_id, quantities.delivery_month, quantities.tou_period
),

-- contracts billed without periods, whose periods are known all the same
measured as (
    select
        settled.contract_id,
        settled.account_id,
        settled.delivery_month,
        {%- for period in tou_periods() %}
            sum(points.{{ period }}_wh) as {{ period }}_wh,
        {%- endfor %}
        max(settled.quantity_kwh) as account_kwh
    from settled
    inner join {{ ref('int_point_day_energy') }} as points
        on
            settled.contract_id = points.contract_id
            and settled.account_id = points.account_id
    inner join {{ ref('int_settlement_day') }} as days
        on
            points.province = days.province
            and points.delivery_on = days.delivery_on
            and settled.delivery_month = days.delivery_month
    where settled.tou_period = 'all'
    group by settled.contract_id, settled.account_id, settled.delivery_month
    having count(*) = count(points.flat_wh)
),

divided as (
    select
        measured.contract_id,
        measured.delivery_month,
        periods.period,
        {{ largest_remainder(
            numerator='periods.wh',
            denominator='1000',
            total='measured.account_kwh',
            partition_by='measured.contract_id, measured.account_id, measured.delivery_month',
            order_by='periods.period_order',
        ) }} as quantity_kwh
    from measured
    cross join
        lateral (
            values
            {%- for period in tou_periods() %}
                ({{ loop.index }}, '{{ period }}', measured.{{ period }}_wh){{ ',' if not loop.last }}
            {%- endfor %}
        ) as periods (period_order, period, wh)
    where periods.wh <> 0
),

quantities as (
    select
        settled.contract_id,
        settled.delivery_month,
        'none' as division,
        'all' as period,
        settled.quantity_kwh
    from settled

    union all

    select
        settled.contract_id,
        settled.delivery_month,
        'tou' as division,
        settled.tou_period as period,
        settled.quantity_kwh
    from settled
    where settled.tou_period <> 'all'

    union all

    select
        divided.contract_id,
        divided.delivery_month,
        'tou' as division,
        divided.period,
        divided.quantity_kwh
    from divided
)

select
    quantities.contract_id,
    quantities.delivery_month,
    quantities.division,
    quantities.period,
    cast(sum(quantities.quantity_kwh) as numeric) * 0.001 as energy_mwh
from quantities
group by quantities.contract_id, quantities.delivery_month, quantities.division, quantities.period

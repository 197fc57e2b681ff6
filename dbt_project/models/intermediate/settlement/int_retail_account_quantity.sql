-- Billed energy of each account's month in every way that a package may divide it but by hours. Whole kWh by largest
-- remainder, so that each division adds up to the billed energy. A month whose time-of-use periods are not all known has no
-- such division.
with billed as (
    select
        quantities.contract_id,
        quantities.account_id,
        quantities.delivery_month,
        quantities.is_open_month,
        quantities.tou_period,
        sum(quantities.quantity_kwh) as quantity_kwh,
        bool_or(quantities.is_tou_illustrative) as is_tou_illustrative
    from {{ ref('int_retail_quantity') }} as quantities
    group by
        quantities.contract_id, quantities.account_id, quantities.delivery_month, quantities.is_open_month,
        quantities.tou_period
),

-- contracts billed without periods, whose periods are known all the same
measured as (
    select
        billed.contract_id,
        billed.account_id,
        billed.delivery_month,
        billed.is_open_month,
        {%- for period in tou_periods() %}
            sum(points.{{ period }}_wh) as {{ period }}_wh,
        {%- endfor %}
        bool_or(points.is_tou_illustrative) as is_tou_illustrative,
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
    where billed.tou_period = 'all'
    group by billed.contract_id, billed.account_id, billed.delivery_month, billed.is_open_month
    having count(*) = count(points.flat_wh)
),

divided as (
    select
        measured.contract_id,
        measured.account_id,
        measured.delivery_month,
        measured.is_open_month,
        periods.period,
        measured.is_tou_illustrative,
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
)

select
    billed.contract_id,
    billed.account_id,
    billed.delivery_month,
    billed.is_open_month,
    'none' as division,
    'all' as period,
    sum(billed.quantity_kwh) as quantity_kwh,
    false as is_tou_illustrative
from billed
group by billed.contract_id, billed.account_id, billed.delivery_month, billed.is_open_month

union all

select
    billed.contract_id,
    billed.account_id,
    billed.delivery_month,
    billed.is_open_month,
    'tou' as division,
    billed.tou_period as period,
    billed.quantity_kwh,
    coalesce(billed.is_tou_illustrative, false) as is_tou_illustrative
from billed
where billed.tou_period <> 'all'

union all

select
    divided.contract_id,
    divided.account_id,
    divided.delivery_month,
    divided.is_open_month,
    'tou' as division,
    divided.period,
    divided.quantity_kwh,
    coalesce(divided.is_tou_illustrative, false) as is_tou_illustrative
from divided

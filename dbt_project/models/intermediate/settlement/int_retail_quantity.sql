-- Billing quantity: whole kWh per account, month and period. The month total is rounded once, its periods (and parts of
-- a month under different packs) share it by largest remainder, so that they add up to it.
with used as (
    select
        days.province,
        days.delivery_month,
        days.is_open_month,
        days.pack_hash,
        points.contract_id,
        points.customer_id,
        points.account_id,
        periods.tou_period,
        periods.period_order,
        periods.wh,
        points.is_tou_illustrative and contracts.package_type = 'tou_fixed' as is_tou_illustrative
    from {{ ref('int_settlement_day') }} as days
    inner join {{ ref('int_point_day_energy') }} as points
        on
            days.province = points.province
            and days.delivery_on = points.delivery_on
    inner join {{ ref('stg_contract') }} as contracts on points.contract_id = contracts.contract_id
    cross join
        lateral (
            values
            (0, 'all', points.energy_wh, contracts.package_type = 'fixed')
            {%- for period in tou_periods() %}
                ,
                ({{ loop.index }}, '{{ period }}', points.{{ period }}_wh, contracts.package_type = 'tou_fixed' and points.{{ period }}_wh <> 0)
            {%- endfor %}
        ) as periods (period_order, tou_period, wh, is_used)
    where periods.is_used
),

cells as (
    select
        used.province,
        used.delivery_month,
        used.is_open_month,
        used.pack_hash,
        used.contract_id,
        used.customer_id,
        used.account_id,
        used.tou_period,
        used.period_order,
        sum(used.wh) as quantity_wh,
        bool_or(used.is_tou_illustrative) as is_tou_illustrative
    from used
    group by
        used.province, used.delivery_month, used.is_open_month, used.pack_hash, used.contract_id, used.customer_id,
        used.account_id, used.tou_period, used.period_order
),

totals as (
    select
        cells.*,
        {{ half_up('sum(cells.quantity_wh) over (partition by cells.contract_id, cells.account_id, cells.delivery_month) / 1000', 0) }}
            as total_kwh
    from cells
)

select
    totals.province,
    totals.delivery_month,
    totals.is_open_month,
    totals.pack_hash,
    totals.contract_id,
    totals.customer_id,
    totals.account_id,
    totals.tou_period,
    totals.quantity_wh,
    totals.is_tou_illustrative,
    {{ largest_remainder(
        numerator='totals.quantity_wh',
        denominator='1000',
        total='totals.total_kwh',
        partition_by='totals.contract_id, totals.account_id, totals.delivery_month',
        order_by='totals.period_order, totals.pack_hash',
    ) }} as quantity_kwh
from totals

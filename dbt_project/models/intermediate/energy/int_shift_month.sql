-- Value of moving part of a contract's sharp and peak energy to valley periods. Under time-of-use prices the customer saves
-- shifted printed kWh x price difference, rounded to fen per period; under a fixed price it saves nothing, and the retailer
-- gains the real-time price spread.
with printed as (
    select
        quantities.province,
        quantities.delivery_month,
        quantities.contract_id,
        quantities.customer_id,
        quantities.tou_period,
        {{ half_up("sum(quantities.quantity_kwh) * " ~ var('hint_shift_rate'), 0) }} as shifted_kwh,
        prices.price_cny_per_mwh - valley.price_cny_per_mwh as difference_cny_per_mwh
    from {{ ref('int_retail_quantity') }} as quantities
    inner join {{ ref('stg_contract_price') }} as prices
        on
            quantities.contract_id = prices.contract_id
            and quantities.tou_period = prices.period
            and prices.component = 'energy'
    inner join {{ ref('stg_contract_price') }} as valley
        on
            quantities.contract_id = valley.contract_id
            and valley.period = 'valley'
            and valley.component = 'energy'
    where quantities.tou_period in ('sharp', 'peak')
    group by
        quantities.province, quantities.delivery_month, quantities.contract_id, quantities.customer_id, quantities.tou_period,
        prices.price_cny_per_mwh, valley.price_cny_per_mwh
)

select
    printed.province,
    printed.delivery_month,
    printed.contract_id,
    printed.customer_id,
    'customer' as beneficiary,
    cast(sum(printed.shifted_kwh) as numeric(20, 3)) as shifted_kwh,
    cast(sum({{ half_up('printed.shifted_kwh * printed.difference_cny_per_mwh / 1000', 2) }}) as numeric(20, 2)) as value_cny
from printed
where
    printed.shifted_kwh > 0
    and printed.difference_cny_per_mwh > 0
group by printed.province, printed.delivery_month, printed.contract_id, printed.customer_id

union all

select
    days.province,
    days.delivery_month,
    days.contract_id,
    days.customer_id,
    'retailer' as beneficiary,
    cast({{ half_up("sum(days.peak_wh) * 0.001 * " ~ var('hint_shift_rate'), 3) }} as numeric(20, 3)) as shifted_kwh,
    cast({{ nano_to_cny(
        "sum(days.peak_nano - cast(days.peak_wh as numeric) * days.valley_price_total / days.valley_slots) * " ~ var('hint_shift_rate')
    ) }} as numeric(20, 2)) as value_cny
from {{ ref('int_shift_spread_day') }} as days
where days.valley_slots > 0
group by days.province, days.delivery_month, days.contract_id, days.customer_id

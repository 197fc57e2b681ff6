-- Workdays' night load of a customer's month against its day load, and what is above the threshold, priced at the lowest
-- energy price of the contracts of that month, so that the value is not overstated.
with nights as (
    select
        months.province,
        months.subject_id as customer_id,
        months.delivery_month,
        months.workdays,
        months.workday_night_wh as night_wh,
        months.workday_wh - months.workday_night_wh as day_wh,
        cast({{ night_slots() | length }} as numeric) / {{ 96 - night_slots() | length }} as slot_rate
    from {{ ref('int_load_month') }} as months
    where months.subject_kind = 'customer'
),

prices as (
    select
        contracts.customer_id,
        contracts.province,
        contracts.effective_from,
        contracts.effective_to,
        min(prices.price_cny_per_mwh) as price_cny_per_mwh
    from {{ ref('stg_contract') }} as contracts
    inner join {{ ref('stg_contract_price') }} as prices
        on
            contracts.contract_id = prices.contract_id
            and prices.component = 'energy'
    group by contracts.customer_id, contracts.province, contracts.effective_from, contracts.effective_to
)

select
    nights.province,
    nights.customer_id,
    nights.delivery_month,
    nights.workdays,
    cast(round(nights.night_wh / (nights.day_wh * nights.slot_rate), 6) as numeric(16, 6)) as night_day_rate,
    cast({{ half_up(
        '(nights.night_wh - ' ~ var('hint_night_low_rate') ~ ' * nights.day_wh * nights.slot_rate) * 0.001', 3
    ) }} as numeric(20, 3)) as excess_kwh,
    min(prices.price_cny_per_mwh) as price_cny_per_mwh
from nights
inner join prices
    on
        nights.customer_id = prices.customer_id
        and nights.province = prices.province
        and nights.delivery_month between date_trunc('month', prices.effective_from) and prices.effective_to
where nights.day_wh > 0
group by
    nights.province, nights.customer_id, nights.delivery_month, nights.workdays, nights.night_wh, nights.day_wh,
    nights.slot_rate

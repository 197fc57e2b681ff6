{{ config(materialized='view') }}

-- Prices that the warehouse knows of a settled contract-month: each market series on the contract's own curve, the pack's
-- reference series among them as w (design §5), the mean of the real-time price over the month's slots, and the
-- retailer's purchase mean. A series that lacks a day or a slot where there is energy gives no price.
with days as (
    select
        settled.province,
        settled.delivery_month,
        settled.delivery_on,
        settled.reference_series,
        curves.contract_id,
        {{ curve_sum('curves') }} as energy_wh,
        {{ curve_columns('curves') }},
        count(*) over (partition by curves.contract_id, settled.delivery_month) as contract_days
    from {{ ref('int_settlement_day') }} as settled
    inner join {{ ref('int_contract_day_curve') }} as curves
        on
            settled.province = curves.province
            and settled.delivery_on = curves.delivery_on
    where not settled.is_open_month
),

valued as (
    select
        days.contract_id,
        days.delivery_month,
        days.contract_days,
        days.energy_wh,
        prices.price_series,
        prices.price_series = days.reference_series as is_reference,
        {{ curve_dot('days', 'prices') }} as amount_nano
    from days
    inner join {{ ref('stg_market_price_day') }} as prices
        on
            days.province = prices.province
            and days.delivery_on = prices.delivery_on
),

named as (
    select
        valued.contract_id,
        valued.delivery_month,
        valued.contract_days,
        valued.energy_wh,
        valued.amount_nano,
        names.name
    from valued
    cross join
        lateral (
            values
            ('series_' || valued.price_series, true),
            ('w', valued.is_reference)
        ) as names (name, is_wanted)
    where names.is_wanted
),

spot as (
    select
        settled.province,
        settled.delivery_month,
        {{ half_up('sum(' ~ curve_sum('prices') ~ ') * 0.001 / (count(*) * 96)', 3) }} as price_cny_per_mwh
    from {{ ref('int_settlement_day') }} as settled
    left join {{ ref('stg_market_price_day') }} as prices
        on
            settled.province = prices.province
            and settled.delivery_on = prices.delivery_on
            and prices.price_series = 'rt_unified'
    where not settled.is_open_month
    group by settled.province, settled.delivery_month
    having count(*) = count(prices.province) and sum({{ curve_missing('prices') }}) = 0
)

select
    named.contract_id,
    named.delivery_month,
    named.name,
    {{ half_up('sum(named.amount_nano) * 0.001 / sum(named.energy_wh)', 3) }} as price_cny_per_mwh
from named
group by named.contract_id, named.delivery_month, named.name
having
    count(named.amount_nano) = max(named.contract_days)
    and sum(named.energy_wh) <> 0

union all

select
    margins.contract_id,
    margins.delivery_month,
    'cost' as name,
    months.purchase_mean_cny_per_mwh as price_cny_per_mwh
from {{ ref('int_settlement_margin') }} as margins
inner join {{ ref('int_settlement_month') }} as months
    on
        margins.province = months.province
        and margins.delivery_month = months.delivery_month
where not margins.is_open_month and months.purchase_mean_cny_per_mwh is not null

union all

select
    margins.contract_id,
    margins.delivery_month,
    'rt' as name,
    spot.price_cny_per_mwh
from {{ ref('int_settlement_margin') }} as margins
inner join spot
    on
        margins.province = spot.province
        and margins.delivery_month = spot.delivery_month
where not margins.is_open_month

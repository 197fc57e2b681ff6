-- mean of the real-time price over the slots of a month; a month that lacks a day or a slot has none
select
    days.province,
    days.delivery_month,
    days.is_open_month,
    {{ half_up('sum(' ~ curve_sum('prices') ~ ') * 0.001 / (count(*) * 96)', 3) }} as price_cny_per_mwh
from {{ ref('int_settlement_day') }} as days
left join {{ ref('stg_market_price_day') }} as prices
    on
        days.province = prices.province
        and days.delivery_on = prices.delivery_on
        and prices.price_series = 'rt_unified'
group by days.province, days.delivery_month, days.is_open_month
having count(*) = count(prices.province) and sum({{ curve_missing('prices') }}) = 0

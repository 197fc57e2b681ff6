-- what the retailer bought of a product for a month, less what it sold of it, in kWh
select
    trades.province,
    cast(date_trunc('month', trades.delivery_on) as date) as delivery_month,
    trades.product,
    sum(({{ hours_sum('trades') }}) * case trades.side when 'buy' then 1 else -1 end) as purchased_kwh
from {{ ref('stg_trade_day_version') }} as trades
where trades.recency = 1
group by trades.province, cast(date_trunc('month', trades.delivery_on) as date), trades.product

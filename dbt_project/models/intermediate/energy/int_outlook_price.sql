-- the mean over the period's published slots so far of the series that a contract's deviation prices are shares of
select
    contracts.contract_id,
    round(
        sum({{ curve_sum('prices') }}) * 0.001 / nullif(sum(96 - ({{ curve_missing('prices') }})), 0), 3
    ) as mean_price_cny_per_mwh
from {{ ref('int_outlook_contract') }} as contracts
inner join {{ ref('stg_market_price_day') }} as prices
    on
        contracts.province = prices.province
        and contracts.price_series = prices.price_series
        and prices.delivery_on between contracts.period_from_on and contracts.period_to_on
where contracts.price_basis = 'rate_of_series'
group by contracts.contract_id

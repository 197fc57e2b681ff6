-- Prices on the own curve that packages of contract-months read: w where one reads it, and market series that contracts name.
with chosen as (
    select
        needs.contract_id,
        needs.delivery_month,
        needs.name,
        coalesce(series.series_code, 'reference') as source
    from {{ ref('int_retail_need') }} as needs
    left join {{ ref('int_retail_series') }} as series
        on
            needs.contract_id = series.contract_id
            and needs.delivery_month = series.delivery_month
            and needs.name = series.name
    where
        (needs.name = 'w' and series.series_code is null)
        or (series.series_code is not null and series.value is null)
),

{{ own_curve_prices('chosen') }}

select
    chosen.contract_id,
    chosen.delivery_month,
    chosen.name,
    prices.price_cny_per_mwh
from chosen
inner join own_curve_prices as prices
    on
        chosen.contract_id = prices.contract_id
        and chosen.delivery_month = prices.delivery_month
        and chosen.source = prices.source
where prices.price_cny_per_mwh is not null

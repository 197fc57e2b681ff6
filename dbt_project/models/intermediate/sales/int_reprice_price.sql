{{ config(materialized='view') }}

-- Prices that the warehouse knows of a settled contract-month: each market series on the contract's own curve; the pack's
-- reference series there as w, or the one that the contract names (design §5); market series that it names for other inputs.
with months as (
    select
        costs.contract_id,
        costs.delivery_month
    from {{ ref('int_purchase_cost') }} as costs
    where not costs.is_open_month
),

sources as (
    select distinct prices.price_series as source
    from {{ ref('stg_market_price_day') }} as prices

    union all

    select 'reference' as source
),

chosen as (
    select
        months.contract_id,
        months.delivery_month,
        sources.source
    from months
    cross join sources
),

{{ own_curve_prices('chosen') }},

named as (
    select
        prices.contract_id,
        prices.delivery_month,
        'series_' || prices.source as name,
        prices.price_cny_per_mwh
    from own_curve_prices as prices
    where prices.source <> 'reference'

    union all

    select
        prices.contract_id,
        prices.delivery_month,
        coalesce(series.name, 'w') as name,
        prices.price_cny_per_mwh
    from own_curve_prices as prices
    left join {{ ref('int_retail_series') }} as series
        on
            prices.contract_id = series.contract_id
            and prices.delivery_month = series.delivery_month
            and prices.source = series.series_code
    where
        series.name is not null
        or (
            prices.source = 'reference'
            and not exists (
                select 1
                from {{ ref('int_retail_series') }} as own
                where
                    own.contract_id = prices.contract_id
                    and own.delivery_month = prices.delivery_month
                    and own.name = 'w'
            )
        )
)

select
    named.contract_id,
    named.delivery_month,
    named.name,
    named.price_cny_per_mwh
from named
where named.price_cny_per_mwh is not null

-- The margin of a contract's month split in two (domain §4.6) at the market mean: trader alpha = (market mean - own purchase
-- price) x Q, sales alpha = (retail price - commission - market mean) x Q. The market mean is the published series
-- wholesale_mean, else the pack's reference price on the contract's own curve. Amounts are split, so that nothing is lost.
with published as (
    select
        series.province,
        series.delivery_month,
        series.value
    from {{ ref('stg_reference_series') }} as series
    where
        series.series_code = 'wholesale_mean'
        and series.unit = 'cny_per_mwh'
),

chosen as (
    select
        income.contract_id,
        income.delivery_month,
        'reference' as source
    from {{ ref('int_income_month') }} as income
    left join published
        on
            income.province = published.province
            and income.delivery_month = published.delivery_month
    where published.value is null
),

{{ own_curve_prices('chosen') }},

meant as (
    select
        income.*,
        coalesce(published.value, prices.price_cny_per_mwh) as market_mean,
        case when published.value is null then 'reference_price' else 'wholesale_mean' end as market_mean_source
    from {{ ref('int_income_month') }} as income
    left join published
        on
            income.province = published.province
            and income.delivery_month = published.delivery_month
    left join own_curve_prices as prices
        on
            income.contract_id = prices.contract_id
            and income.delivery_month = prices.delivery_month
),

valued as (
    select
        meant.*,
        {{ half_up('meant.market_mean * meant.energy_wh * 0.000001', 2) }} as market_cny
    from meant
)

select
    valued.province,
    valued.delivery_month,
    valued.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    {{ wh_to_mwh('valued.energy_wh') }} as energy_mwh,
    valued.market_mean as market_mean_cny_per_mwh,
    valued.market_mean_source,
    valued.market_cny,
    valued.wholesale_cny,
    valued.retail_cny,
    valued.commission_cny,
    valued.market_cny - valued.wholesale_cny as trader_alpha_cny,
    valued.retail_cny - valued.commission_cny - valued.market_cny as sales_alpha_cny
from valued
inner join {{ ref('stg_contract') }} as contracts on valued.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id

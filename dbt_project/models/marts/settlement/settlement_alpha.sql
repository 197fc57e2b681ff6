-- The margin of a contract's month split in two (domain §4.6) at the market mean: trader alpha = (market mean - own purchase
-- price) x Q, sales alpha = (retail price - commission - market mean) x Q. The market mean is the published series
-- wholesale_mean, else the pack's reference price on the contract's own curve; of a closed month it is the one it was closed
-- with. Amounts are split, so that nothing is lost.
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

booked as (
    select
        heads.contract_id,
        heads.origin_month as delivery_month,
        heads.market_mean_cny_per_mwh,
        heads.market_mean_source
    from {{ ref('stg_ledger_head') }} as heads
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
    left join booked
        on
            income.contract_id = booked.contract_id
            and income.delivery_month = booked.delivery_month
    where
        published.value is null
        and booked.contract_id is null
),

{{ own_curve_prices('chosen') }},

meant as (
    select
        income.*,
        -- one that was not known at the closing stays unknown
        case
            when booked.contract_id is null then coalesce(published.value, prices.price_cny_per_mwh)
            else booked.market_mean_cny_per_mwh
        end as market_mean,
        case
            when booked.contract_id is not null then booked.market_mean_source
            when published.value is null then 'reference_price'
            else 'wholesale_mean'
        end as market_mean_source
    from {{ ref('int_income_month') }} as income
    left join published
        on
            income.province = published.province
            and income.delivery_month = published.delivery_month
    left join booked
        on
            income.contract_id = booked.contract_id
            and income.delivery_month = booked.delivery_month
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
    heads.customer_id,
    heads.customer_name,
    heads.customer_name_en,
    heads.manager_username,
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
inner join {{ ref('settlement_statement_contract') }} as heads
    on
        valued.contract_id = heads.contract_id
        and valued.delivery_month = heads.delivery_month

{{ config(materialized='view') }}

-- what a pricing of a contract-month can take from the warehouse
select
    quantities.contract_id,
    quantities.delivery_month,
    'q' as name,
    quantities.division,
    quantities.period,
    quantities.energy_mwh as input_value
from {{ ref('int_reprice_quantity') }} as quantities

union all

select
    hours.contract_id,
    hours.delivery_month,
    case hours.division when 'hour' then 'hour_q' else 'q' end as name,
    hours.division,
    hours.period,
    hours.energy_mwh as input_value
from {{ ref('int_reprice_hour') }} as hours

union all

select
    prices.contract_id,
    prices.delivery_month,
    prices.name,
    'none' as division,
    'all' as period,
    prices.price_cny_per_mwh as input_value
from {{ ref('int_reprice_price') }} as prices

union all

select
    spans.contract_id,
    spans.delivery_month,
    spans.name,
    'none' as division,
    'all' as period,
    spans.energy_mwh as input_value
from {{ ref('int_reprice_span') }} as spans

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
    'q' as name,
    'hour_of_day' as division,
    hours.period,
    hours.energy_mwh as input_value
from {{ ref('int_reprice_hour_of_day') }} as hours

union all

select
    hours.contract_id,
    hours.delivery_month,
    'hour_q' as name,
    'hour' as division,
    hours.period,
    hours.energy_mwh as input_value
from {{ ref('int_reprice_hour_of_month') }} as hours

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

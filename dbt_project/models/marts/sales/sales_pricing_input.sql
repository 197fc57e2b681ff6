{{ config(materialized='view') }}

-- What a pricing of a settled contract-month can take from the warehouse: the inputs that its own package is settled with, and
-- those that another one may read.
with months as (
    select
        costs.contract_id,
        costs.delivery_month
    from {{ ref('int_purchase_cost') }} as costs
    where not costs.is_open_month
),

{{ hours_of_day('months') }},

{{ hours_of_month('months') }},

{{ contract_hours_of_month('months') }},

inputs as (
    select
        quantities.contract_id,
        quantities.delivery_month,
        'q' as name,
        quantities.division,
        quantities.period,
        quantities.account_id,
        {{ kwh_to_mwh('quantities.quantity_kwh') }} as input_value
    from {{ ref('int_retail_account_quantity') }} as quantities
    where not quantities.is_open_month

    union all

    select
        hours.contract_id,
        hours.delivery_month,
        'q' as name,
        'hour_of_day' as division,
        hours.period,
        hours.account_id,
        {{ kwh_to_mwh('hours.quantity_kwh') }} as input_value
    from hours_of_day as hours

    union all

    select
        hours.contract_id,
        hours.delivery_month,
        'hour_q' as name,
        'hour' as division,
        hours.period,
        'all' as account_id,
        {{ kwh_to_mwh('hours.quantity_kwh') }} as input_value
    from hours_of_month as hours

    union all

    select
        hours.contract_id,
        hours.delivery_month,
        'hour_contract_q' as name,
        'none' as division,
        hours.period,
        'all' as account_id,
        {{ kwh_to_mwh('hours.quantity_kwh') }} as input_value
    from contract_hours as hours

    union all

    select
        prices.contract_id,
        prices.delivery_month,
        prices.name,
        'none' as division,
        'all' as period,
        'all' as account_id,
        prices.price_cny_per_mwh as input_value
    from {{ ref('int_reprice_price') }} as prices

    union all

    select
        costs.contract_id,
        costs.delivery_month,
        'cost' as name,
        'none' as division,
        'all' as period,
        'all' as account_id,
        costs.cost_cny_per_mwh as input_value
    from {{ ref('int_purchase_cost') }} as costs
    where not costs.is_open_month and costs.cost_cny_per_mwh is not null

    union all

    select
        costs.contract_id,
        costs.delivery_month,
        'rt' as name,
        'none' as division,
        'all' as period,
        'all' as account_id,
        spot.price_cny_per_mwh as input_value
    from {{ ref('int_purchase_cost') }} as costs
    inner join {{ ref('int_spot_mean') }} as spot
        on
            costs.province = spot.province
            and costs.delivery_month = spot.delivery_month
    where not costs.is_open_month

    union all

    select
        spans.contract_id,
        spans.delivery_month,
        spans.name,
        'none' as division,
        'all' as period,
        'all' as account_id,
        spans.energy_mwh as input_value
    from {{ ref('int_retail_span') }} as spans

    union all

    select
        balances.contract_id,
        balances.delivery_month,
        'balance_q' as name,
        'none' as division,
        'all' as period,
        'all' as account_id,
        balances.balance_mwh as input_value
    from {{ ref('int_retail_balance') }} as balances
)

select
    inputs.contract_id,
    inputs.delivery_month,
    inputs.name,
    inputs.division,
    inputs.period,
    inputs.account_id,
    cast(inputs.input_value as numeric) as input_value
from inputs
where
    inputs.name = 'q'
    or not exists (
        select 1
        from {{ ref('int_retail_given') }} as given
        where
            given.contract_id = inputs.contract_id
            and given.delivery_month = inputs.delivery_month
            and given.name = inputs.name
    )

union all

select
    given.contract_id,
    given.delivery_month,
    given.name,
    'none' as division,
    given.period,
    'all' as account_id,
    cast(given.value as numeric) as input_value
from {{ ref('int_retail_given') }} as given
where given.name <> 'q'

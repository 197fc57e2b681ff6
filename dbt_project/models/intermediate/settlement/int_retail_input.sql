{{ config(pre_hook='{{ linear_joins() }}') }}

-- What the packages of contract-months read, by input, period and account. What is not here is missing and blocks the month.
with hourly as (
    select
        needs.contract_id,
        needs.delivery_month
    from {{ ref('int_retail_need') }} as needs
    where needs.name = 'hour_q'
),

hour_agreed as (
    select
        needs.contract_id,
        needs.delivery_month
    from {{ ref('int_retail_need') }} as needs
    where needs.name = 'hour_contract_q'
),

by_hour as (
    select
        cases.contract_id,
        cases.delivery_month
    from {{ ref('int_retail_case') }} as cases
    where cases.division = 'hour_of_day'
),

{{ hours_of_day('by_hour') }},

{{ hours_of_month('hourly') }},

{{ contract_hours_of_month('hour_agreed') }},

-- energy goes to its accounts, everything else is of the whole contract
energy as (
    select
        cases.contract_id,
        cases.delivery_month,
        'q' as name,
        quantities.period,
        quantities.account_id,
        {{ kwh_to_mwh('quantities.quantity_kwh') }} as value
    from {{ ref('int_retail_case') }} as cases
    inner join {{ ref('int_retail_account_quantity') }} as quantities
        on
            cases.contract_id = quantities.contract_id
            and cases.delivery_month = quantities.delivery_month
            and cases.division = quantities.division

    union all

    select
        hours.contract_id,
        hours.delivery_month,
        'q' as name,
        hours.period,
        hours.account_id,
        {{ kwh_to_mwh('hours.quantity_kwh') }} as value
    from hours_of_day as hours

    union all

    select
        hours.contract_id,
        hours.delivery_month,
        'hour_q' as name,
        hours.period,
        'all' as account_id,
        {{ kwh_to_mwh('hours.quantity_kwh') }} as value
    from hours_of_month as hours

    union all

    -- periods of the package's own are given
    select
        cases.contract_id,
        cases.delivery_month,
        given.name,
        given.period,
        'all' as account_id,
        given.value
    from {{ ref('int_retail_case') }} as cases
    inner join {{ ref('int_retail_given') }} as given
        on
            cases.contract_id = given.contract_id
            and cases.delivery_month = given.delivery_month
            and given.name = 'q'
    where cases.division = 'own'
),

known as (
    select
        prices.contract_id,
        prices.delivery_month,
        prices.name,
        'all' as period,
        prices.price_cny_per_mwh as value
    from {{ ref('int_retail_price') }} as prices

    union all

    select
        costs.contract_id,
        costs.delivery_month,
        'cost' as name,
        'all' as period,
        costs.cost_cny_per_mwh as value
    from {{ ref('int_purchase_cost') }} as costs
    where costs.cost_cny_per_mwh is not null

    union all

    select
        terms.contract_id,
        terms.delivery_month,
        'rt' as name,
        'all' as period,
        spot.price_cny_per_mwh as value
    from {{ ref('int_retail_terms') }} as terms
    inner join {{ ref('int_spot_mean') }} as spot
        on
            terms.province = spot.province
            and terms.delivery_month = spot.delivery_month

    union all

    select
        spans.contract_id,
        spans.delivery_month,
        spans.name,
        'all' as period,
        spans.energy_mwh as value
    from {{ ref('int_retail_span') }} as spans

    union all

    select
        balances.contract_id,
        balances.delivery_month,
        'balance_q' as name,
        'all' as period,
        balances.balance_mwh as value
    from {{ ref('int_retail_balance') }} as balances

    union all

    select
        hours.contract_id,
        hours.delivery_month,
        'hour_contract_q' as name,
        hours.period,
        {{ kwh_to_mwh('hours.quantity_kwh') }} as value
    from contract_hours as hours
),

given as (
    select
        given.contract_id,
        given.delivery_month,
        given.name,
        given.period,
        given.value
    from {{ ref('int_retail_given') }} as given

    union all

    select
        known.contract_id,
        known.delivery_month,
        known.name,
        known.period,
        known.value
    from known
    where
        not exists (
            select 1
            from {{ ref('int_retail_given') }} as given
            where
                given.contract_id = known.contract_id
                and given.delivery_month = known.delivery_month
                and given.name = known.name
        )
)

select
    energy.contract_id,
    energy.delivery_month,
    energy.name,
    energy.period,
    energy.account_id,
    cast(energy.value as numeric) as value
from energy

union all

select
    given.contract_id,
    given.delivery_month,
    given.name,
    given.period,
    'all' as account_id,
    cast(given.value as numeric) as value
from given
inner join {{ ref('int_retail_need') }} as needs
    on
        given.contract_id = needs.contract_id
        and given.delivery_month = needs.delivery_month
        and given.name = needs.name
where given.name <> 'hour_q'

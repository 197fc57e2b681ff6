-- customers at the business date with what they have under contract
with accounts as (
    select
        accounts.customer_id,
        count(*) as accounts,
        sum(accounts.capacity_kva) as capacity_kva
    from {{ ref('stg_account') }} as accounts
    cross join {{ ref('stg_run') }} as run
    where run.business_date between accounts.effective_from and accounts.valid_to
    group by accounts.customer_id
),

contracts as (
    select
        contracts.customer_id,
        count(*) as contracts,
        max(contracts.effective_to) as contracted_to_on
    from {{ ref('stg_contract') }} as contracts
    inner join {{ ref('int_contract_state') }} as states on contracts.contract_id = states.contract_id
    cross join {{ ref('stg_run') }} as run
    where
        run.business_date <= contracts.effective_to
        and states.state in ('signed', 'registered', 'effective', 'renewal_offered', 'renewed')
    group by contracts.customer_id
)

select
    customers.customer_id,
    customers.customer_name,
    coalesce(customers.customer_name_en, customers.customer_name) as customer_name_en,
    customers.industry,
    customers.manager_username,
    cast(coalesce(accounts.accounts, 0) as integer) as accounts,
    accounts.capacity_kva,
    cast(coalesce(contracts.contracts, 0) as integer) as contracts,
    contracts.contracted_to_on
from {{ ref('int_customer') }} as customers
left join accounts on customers.customer_id = accounts.customer_id
left join contracts on customers.customer_id = contracts.customer_id

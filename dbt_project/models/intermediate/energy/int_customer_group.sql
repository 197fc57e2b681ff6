{{ config(materialized='view') }}

-- The groups whose sums a customer under contract belongs to: its industry at the business date, and the portfolio of each
-- province. A customer that is not delivered, or not yet valid, is unclassified, but never left out of the portfolio.
with customers as (
    select distinct contracts.customer_id
    from {{ ref('stg_contract') }} as contracts
)

select
    customers.customer_id,
    'industry' as group_kind,
    coalesce(known.industry, 'unclassified') as group_id
from customers
left join {{ ref('int_customer') }} as known on customers.customer_id = known.customer_id

union all

select
    customers.customer_id,
    'portfolio' as group_kind,
    'portfolio' as group_id
from customers

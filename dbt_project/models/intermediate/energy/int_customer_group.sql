{{ config(materialized='view') }}

-- the groups whose sums a customer belongs to: its industry at the business date, and the portfolio of each province
select
    customers.customer_id,
    'industry' as group_kind,
    coalesce(customers.industry, 'unclassified') as group_id
from {{ ref('int_customer') }} as customers

union all

select
    customers.customer_id,
    'portfolio' as group_kind,
    'portfolio' as group_id
from {{ ref('int_customer') }} as customers

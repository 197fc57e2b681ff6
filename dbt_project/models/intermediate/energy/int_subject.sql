{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['subject_id', 'subject_kind'], 'unique': True}],
        pre_hook="{{ empty_in_place() }}",
    )
}}

-- the names of what load analysis speaks of: customers, industries, the portfolio
select
    'customer' as subject_kind,
    members.customer_id as subject_id,
    coalesce(customers.customer_name, members.customer_id) as name_zh,
    coalesce(customers.customer_name_en, customers.customer_name, members.customer_id) as name_en,
    members.group_id as industry,
    customers.manager_username
from {{ ref('int_customer_group') }} as members
left join {{ ref('int_customer') }} as customers on members.customer_id = customers.customer_id
where members.group_kind = 'industry'

union all

select
    'industry' as subject_kind,
    industries.group_id as subject_id,
    coalesce(names.name_zh, industries.group_id) as name_zh,
    coalesce(names.name_en, industries.group_id) as name_en,
    industries.group_id as industry,
    cast(null as text) as manager_username
from (
    select distinct members.group_id
    from {{ ref('int_customer_group') }} as members
    where members.group_kind = 'industry'
) as industries
left join {{ ref('industry_name') }} as names on industries.group_id = names.industry

union all

select
    'portfolio' as subject_kind,
    'portfolio' as subject_id,
    '全部客户' as name_zh,
    'All customers' as name_en,
    cast(null as text) as industry,
    cast(null as text) as manager_username

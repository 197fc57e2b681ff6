{{ config(materialized='view') }}

-- days of customers, industries and the portfolio in one shape
select
    customers.province,
    'customer' as subject_kind,
    customers.customer_id as subject_id,
    customers.delivery_on,
    customers.delivery_month,
    customers.day_type,
    customers.quality,
    {{ scalar_columns('customers') }},
    {{ tou_columns('customers') }},
    customers.input_digest,
    {{ curve_columns('customers') }}
from {{ ref('int_customer_day_curve') }} as customers

union all

select
    grouped.province,
    grouped.group_kind as subject_kind,
    grouped.group_id as subject_id,
    grouped.delivery_on,
    grouped.delivery_month,
    grouped.day_type,
    grouped.quality,
    {{ scalar_columns('grouped') }},
    {{ tou_columns('grouped') }},
    grouped.input_digest,
    {{ curve_columns('grouped') }}
from {{ ref('int_group_day_curve') }} as grouped

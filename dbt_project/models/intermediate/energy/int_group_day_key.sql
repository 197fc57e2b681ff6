{{ config(indexes=[{'columns': ['delivery_on', 'group_id', 'group_kind', 'province'], 'unique': True}]) }}

-- what the curve of a group's day is the sum of
select
    customers.province,
    members.group_kind,
    members.group_id,
    customers.delivery_on,
    customers.delivery_month,
    customers.day_type,
    cast(count(*) as integer) as customers,
    {{ worst_quality('customers.quality') }} as quality,
    {{ tou_complete_total('customers') }},
    md5(string_agg(customers.customer_id || customers.input_digest, '|' order by customers.customer_id)) as input_digest
from {{ ref('int_customer_day_key') }} as customers
inner join {{ ref('int_customer_group') }} as members on customers.customer_id = members.customer_id
group by
    customers.province, members.group_kind, members.group_id, customers.delivery_on, customers.delivery_month,
    customers.day_type

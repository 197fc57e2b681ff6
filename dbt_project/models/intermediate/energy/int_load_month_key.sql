{{ config(indexes=[{'columns': ['delivery_month', 'subject_id', 'subject_kind', 'province'], 'unique': True}]) }}

-- what the likeness of a subject's month to its industry and to the portfolio is computed from
with months as (
    select
        customers.province,
        'customer' as subject_kind,
        customers.customer_id as subject_id,
        customers.delivery_month,
        md5(string_agg(customers.input_digest, '|' order by customers.delivery_on)) as own_digest
    from {{ ref('int_customer_day_key') }} as customers
    group by customers.province, customers.customer_id, customers.delivery_month

    union all

    select
        grouped.province,
        grouped.group_kind as subject_kind,
        grouped.group_id as subject_id,
        grouped.delivery_month,
        md5(string_agg(grouped.input_digest, '|' order by grouped.delivery_on)) as own_digest
    from {{ ref('int_group_day_key') }} as grouped
    group by grouped.province, grouped.group_kind, grouped.group_id, grouped.delivery_month
)

select
    months.province,
    months.subject_kind,
    months.subject_id,
    months.delivery_month,
    members.group_id as industry,
    {{ digest(['months.own_digest', 'members.group_id', 'industries.own_digest', 'portfolio.own_digest']) }} as input_digest
from months
left join {{ ref('int_customer_group') }} as members
    on
        months.subject_kind = 'customer'
        and months.subject_id = members.customer_id
        and members.group_kind = 'industry'
left join months as industries
    on
        months.province = industries.province
        and months.delivery_month = industries.delivery_month
        and industries.subject_kind = 'industry'
        and members.group_id = industries.subject_id
inner join months as portfolio
    on
        months.province = portfolio.province
        and months.delivery_month = portfolio.delivery_month
        and portfolio.subject_kind = 'portfolio'
where months.subject_kind <> 'portfolio'

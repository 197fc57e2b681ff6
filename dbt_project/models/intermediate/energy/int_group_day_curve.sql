{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[
            {'columns': ['delivery_on', 'group_id', 'group_kind', 'province'], 'unique': True},
            {'columns': ['group_kind', 'group_id', 'delivery_on']},
        ],
        post_hook='analyze {{ this }} (delivery_on, group_id, group_kind, day_type)',
        pre_hook="{{ delete_stale(ref('int_group_day_key'), ['delivery_on', 'group_id', 'group_kind', 'province']) }}",
    )
}}

-- Net curve of an industry or of the portfolio; a slot that one of its customers lacks is NULL.
with changed as (
    select keys.*
    from {{ ref('int_group_day_key') }} as keys
    where {{ not_stored('keys', ['delivery_on', 'group_id', 'group_kind', 'province']) }}
),

curves as (
    select
        changed.province,
        changed.group_kind,
        changed.group_id,
        changed.delivery_on,
        {{ curve_complete_total('customers') }}
    from changed
    inner join {{ ref('int_customer_group') }} as members
        on
            changed.group_kind = members.group_kind
            and changed.group_id = members.group_id
    inner join {{ ref('int_customer_day_curve') }} as customers
        on
            changed.delivery_on = customers.delivery_on
            and changed.province = customers.province
            and members.customer_id = customers.customer_id
    group by changed.province, changed.group_kind, changed.group_id, changed.delivery_on
)

select
    changed.province,
    changed.group_kind,
    changed.group_id,
    changed.delivery_on,
    changed.delivery_month,
    changed.day_type,
    changed.customers,
    changed.quality,
    {{ curve_scalars('curves') }},
    {{ tou_columns('changed') }},
    changed.input_digest,
    {{ curve_columns('curves') }}
from changed
inner join curves
    on
        changed.delivery_on = curves.delivery_on
        and changed.group_id = curves.group_id
        and changed.group_kind = curves.group_kind
        and changed.province = curves.province

{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[
            {'columns': ['delivery_on', 'customer_id', 'province'], 'unique': True},
            {'columns': ['customer_id', 'delivery_on']},
        ],
        post_hook='analyze {{ this }} (delivery_on, customer_id, province, day_type, missing_slots)',
        pre_hook="{{ delete_stale(ref('int_customer_day_key'), ['delivery_on', 'customer_id', 'province']) }}",
    )
}}

-- Net curve of a customer's day with the numbers that load analysis reads; a slot that one of its points lacks is NULL.
with changed as (
    select keys.*
    from {{ ref('int_customer_day_key') }} as keys
    where {{ not_stored('keys', ['delivery_on', 'customer_id', 'province']) }}
),

curves as (
    select
        changed.province,
        changed.customer_id,
        changed.delivery_on,
        {{ curve_complete_total('net') }}
    from changed
    inner join {{ ref('int_point_day_energy') }} as points
        on
            changed.delivery_on = points.delivery_on
            and changed.customer_id = points.customer_id
            and changed.province = points.province
            and points.assignment_status = 'assigned'
    left join {{ ref('int_point_day_net') }} as net
        on
            points.delivery_on = net.delivery_on
            and points.metering_point_id = net.metering_point_id
    group by changed.province, changed.customer_id, changed.delivery_on
)

select
    changed.province,
    changed.customer_id,
    changed.delivery_on,
    changed.delivery_month,
    changed.day_type,
    changed.weekday_type,
    changed.metering_points_expected,
    changed.estimated_points,
    changed.estimated_slots,
    changed.quality,
    changed.capacity_kva,
    {{ curve_scalars('curves') }},
    {{ tou_columns('changed') }},
    changed.input_digest,
    {{ curve_columns('curves') }}
from changed
inner join curves
    on
        changed.delivery_on = curves.delivery_on
        and changed.customer_id = curves.customer_id
        and changed.province = curves.province

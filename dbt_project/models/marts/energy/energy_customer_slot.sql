{{ config(materialized='view') }}

-- The 96-slot curve of a customer's day beside the day before, the same weekday a week before, and its typical day.
-- Long form, for charts only; it reads relations that dbt never drops in a normal run. The typical day is worked out for
-- the days that a chart asks for, so filter by customer and day.
select
    days.province,
    days.customer_id,
    subjects.name_zh as customer_name_zh,
    subjects.name_en as customer_name_en,
    days.delivery_on,
    days.day_type,
    cast(slots.slot as integer) as slot,
    cast(days.delivery_on as timestamp) + (slots.slot - 1) * interval '15 minutes' as slot_start_at,
    {{ slot_label('slots.slot') }} as slot_label,
    cast(slots.actual_wh * 0.001 as numeric(16, 3)) as actual_kwh,
    cast(slots.day_before_wh * 0.001 as numeric(16, 3)) as day_before_kwh,
    cast(slots.week_before_wh * 0.001 as numeric(16, 3)) as week_before_kwh,
    cast(round(cast(slots.typical_wh as numeric) / nullif(typical.typical_days, 0) * 0.001, 3) as numeric(16, 3)) as typical_kwh,
    cast(typical.typical_days as integer) as typical_days,
    days.quality
from {{ ref('int_customer_day_curve') }} as days
left join {{ ref('int_subject') }} as subjects
    on
        'customer' = subjects.subject_kind
        and days.customer_id = subjects.subject_id
{%- for other, back in [('day_before', 1), ('week_before', 7)] %}
    left join {{ ref('int_customer_day_curve') }} as {{ other }}
        on
            days.delivery_on - {{ back }} = {{ other }}.delivery_on
            and days.province = {{ other }}.province
            and days.customer_id = {{ other }}.customer_id
{%- endfor %}
cross join
    lateral (
        {{ typical_day(ref('int_customer_day_curve'), ['customer_id', 'province'], 'days', 'days.day_type') }}
    ) as typical
cross join lateral {{ curve_rows(['days', 'day_before', 'week_before', 'typical']) }}
    as slots (slot, actual_wh, day_before_wh, week_before_wh, typical_wh)

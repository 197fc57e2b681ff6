{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['customer_id', 'delivery_on', 'reference_type', 'province'], 'unique': True}],
        post_hook='analyze {{ this }}',
        pre_hook="{{ delete_stale(ref('int_customer_day_history_key'), ['delivery_on', 'customer_id', 'province']) }}",
    )
}}

-- What is normal for a customer's day: median and median absolute deviation (MAD) over the complete days of the reference
-- type in the trailing eight weeks. Medians are lower medians, an observed whole number; abnormal days stay in, a median
-- bears them.
with changed as (
    select days.*
    from {{ ref('int_customer_day_profile') }} as days
    where {{ not_stored('days', ['delivery_on', 'customer_id', 'province']) }}
)

select
    changed.province,
    changed.customer_id,
    changed.delivery_on,
    changed.reference_type,
    {%- for measure in ['energy_wh', 'night_wh', 'shape_distance_rate'] %}
        centres.median_{{ measure }},
        spreads.mad_{{ measure }},
    {%- endfor %}
    centres.reference_days,
    centres.shape_days,
    centres.past_max_slot_wh,
    changed.input_digest
from changed
cross join
    lateral (
        select
            {%- for measure in ['energy_wh', 'night_wh', 'shape_distance_rate'] %}
                percentile_disc(0.5) within group (order by past.{{ measure }}) as median_{{ measure }},
            {%- endfor %}
            cast(count(*) as integer) as reference_days,
            cast(count(past.shape_distance_rate) as integer) as shape_days,
            max(past.max_slot_wh) as past_max_slot_wh
        from {{ past_days('changed') }}
    ) as centres
cross join
    lateral (
        select
            {%- for measure in ['energy_wh', 'night_wh', 'shape_distance_rate'] %}
                percentile_disc(0.5) within group (order by abs(past.{{ measure }} - centres.median_{{ measure }}))
                    as mad_{{ measure }},
            {%- endfor %}
            count(*) as days
        from {{ past_days('changed') }}
    ) as spreads

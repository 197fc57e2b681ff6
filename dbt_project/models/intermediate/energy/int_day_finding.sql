{{ config(materialized='view') }}

-- Every rule on every judged day, before the threshold: how far the day is from normal, in robust standard deviations
-- (|x - median| / (1.4826 MAD), the spread floored), against each reference type. Parameters: docs/energy_analysis.md.
with judged as (
    select
        days.*,
        count(*) over (partition by days.province, days.customer_id, days.delivery_on) as reference_types,
        normal.reference_days,
        normal.shape_days,
        normal.past_max_slot_wh,
        normal.median_energy_wh,
        normal.median_night_wh,
        normal.median_shape_distance_rate,
        greatest(1.4826 * normal.mad_energy_wh, {{ var('abnormal_min_spread_rate') }} * abs(normal.median_energy_wh)) as energy_spread,
        greatest(1.4826 * normal.mad_night_wh, {{ var('abnormal_min_spread_rate') }} * abs(normal.median_night_wh)) as night_spread,
        greatest(1.4826 * normal.mad_shape_distance_rate, {{ var('abnormal_min_shape_spread_rate') }}) as shape_spread
    from {{ ref('int_customer_day_profile') }} as days
    inner join {{ ref('int_customer_day_normal') }} as normal
        on
            days.customer_id = normal.customer_id
            and days.delivery_on = normal.delivery_on
            and days.reference_type = normal.reference_type
            and days.province = normal.province
    where
        days.missing_slots = 0
        and normal.reference_days >= {{ var('abnormal_min_days') }}
)

select
    judged.province,
    judged.customer_id,
    judged.delivery_on,
    judged.day_type,
    judged.reference_type,
    judged.reference_types,
    judged.reference_days,
    rules.finding_code,
    cast(round(rules.score, 2) as numeric(16, 2)) as score,
    coalesce(rules.is_large, false) as is_large,
    rules.expected,
    rules.actual,
    judged.idle_run_slots,
    judged.idle_from_slot
from judged
cross join
    lateral (
        values
        (
            'ENERGY_HIGH',
            (judged.energy_wh - judged.median_energy_wh) / nullif(judged.energy_spread, 0),
            judged.energy_wh - judged.median_energy_wh >= {{ var('abnormal_min_energy_rate') }} * abs(judged.median_energy_wh),
            cast(judged.median_energy_wh as numeric),
            cast(judged.energy_wh as numeric)
        ),
        (
            'ENERGY_LOW',
            (judged.median_energy_wh - judged.energy_wh) / nullif(judged.energy_spread, 0),
            judged.median_energy_wh - judged.energy_wh >= {{ var('abnormal_min_energy_rate') }} * abs(judged.median_energy_wh),
            judged.median_energy_wh,
            judged.energy_wh
        ),
        (
            'NIGHT_HIGH',
            (judged.night_wh - judged.median_night_wh) / nullif(judged.night_spread, 0),
            judged.night_wh - judged.median_night_wh >= {{ var('abnormal_min_night_rate') }} * abs(judged.median_night_wh)
            and judged.night_wh - judged.median_night_wh >= {{ var('abnormal_min_night_share') }} * judged.median_energy_wh,
            judged.median_night_wh,
            judged.night_wh
        ),
        (
            'SHAPE_CHANGED',
            (judged.shape_distance_rate - judged.median_shape_distance_rate) / judged.shape_spread,
            judged.shape_distance_rate >= {{ var('abnormal_min_shape_rate') }}
            and judged.shape_days >= {{ var('abnormal_min_days') }},
            judged.median_shape_distance_rate,
            judged.shape_distance_rate
        ),
        (
            'IDLE_WHILE_LOADED',
            {{ var('abnormal_score') }} * judged.idle_run_slots / cast({{ var('abnormal_idle_slots') }} as numeric),
            judged.idle_run_slots >= {{ var('abnormal_idle_slots') }},
            0,
            judged.idle_run_slots
        ),
        (
            'PEAK_ABOVE_CAPACITY',
            {{ var('abnormal_score') }} * judged.max_slot_wh / nullif(250 * {{ var('abnormal_capacity_rate') }} * judged.capacity_kva, 0),
            judged.max_slot_wh > 250 * {{ var('abnormal_capacity_rate') }} * judged.capacity_kva
            and judged.max_slot_wh > judged.past_max_slot_wh,
            250 * judged.capacity_kva,
            judged.max_slot_wh
        )
    ) as rules (finding_code, score, is_large, expected, actual)

{{ config(materialized='view') }}

-- Positions beside actual energy per slot; long form, for charts. It reads relations that dbt never drops in a normal run.
select
    days.province,
    days.delivery_on,
    days.day_type,
    cast(slots.slot as integer) as slot,
    cast(days.delivery_on as timestamp) + (slots.slot - 1) * interval '15 minutes' as slot_start_at,
    {{ slot_label('slots.slot') }} as slot_label,
    cast(coalesce(slots.mlt_wh, 0) * 0.000001 as numeric(16, 6)) as mlt_mwh,
    cast(slots.day_ahead_wh * 0.000001 as numeric(16, 6)) as day_ahead_mwh,
    cast(slots.actual_wh * 0.000001 as numeric(16, 6)) as actual_mwh,
    cast((slots.actual_wh - coalesce(slots.mlt_wh, 0)) * 0.000001 as numeric(16, 6)) as open_mwh,
    cast((slots.actual_wh - slots.day_ahead_wh) * 0.000001 as numeric(16, 6)) as deviation_mwh
from {{ ref('int_group_day_curve') }} as days
left join {{ ref('int_mlt_day') }} as mlt
    on
        days.province = mlt.province
        and days.delivery_on = mlt.delivery_on
left join {{ ref('int_day_ahead_day') }} as day_ahead
    on
        days.province = day_ahead.province
        and days.delivery_on = day_ahead.delivery_on
cross join lateral {{ curve_rows(['days', 'mlt', 'day_ahead']) }} as slots (slot, actual_wh, mlt_wh, day_ahead_wh)
where days.group_kind = 'portfolio'

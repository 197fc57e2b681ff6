-- Positions of a province-day beside the actual energy. Deviation = Σ over hours of |actual - day-ahead|, because the
-- day-ahead market clears hours; it is known only when every slot of every point is there.
with compared as (
    select
        days.province,
        days.delivery_on,
        days.missing_slots,
        {{ curve_sum('days') }} as actual_wh,
        cast(coalesce(mlt.mlt_wh, 0) as bigint) as mlt_wh,
        day_ahead.day_ahead_wh,
        {{ curve_hourly_distance('days', 'day_ahead') }} as distance_wh
    from {{ ref('int_province_day_curve') }} as days
    left join {{ ref('int_mlt_day') }} as mlt
        on
            days.province = mlt.province
            and days.delivery_on = mlt.delivery_on
    left join {{ ref('int_day_ahead_day') }} as day_ahead
        on
            days.province = day_ahead.province
            and days.delivery_on = day_ahead.delivery_on
)

select
    compared.province,
    compared.delivery_on,
    cast(date_trunc('month', compared.delivery_on) as date) as delivery_month,
    compared.missing_slots,
    compared.actual_wh,
    compared.mlt_wh,
    compared.day_ahead_wh,
    case when compared.missing_slots = 0 then compared.distance_wh end as deviation_wh
from compared

-- Whether all that a pattern needs is known, and if not, the first day that lacks something and what. A day of weight 0 needs
-- no hours.
with shapes as (
    select
        hours.shape_id,
        count(*) as hours,
        sum(hours.hour_weight) as shape_total,
        md5(string_agg(concat_ws(':', hours.hour, hours.hour_weight), '|' order by hours.hour)) as shape_digest
    from {{ ref('int_quantity_shape') }} as hours
    group by hours.shape_id
),

days as (
    select
        pattern_days.*,
        shapes.shape_digest,
        case
            when pattern_days.day_type is null then 'calendar'
            when pattern_days.day_weight is null then 'month_weight'
            when pattern_days.day_weight = 0 then null
            when pattern_days.day_template_kind in ('D2', 'D3', 'D4') and pattern_days.schedule_id is null then 'tou_schedule'
            when pattern_days.day_template_kind in ('D2', 'D3', 'D4') and shapes.shape_total = 0 then 'tou_period'
            when coalesce(shapes.hours, 0) = 24 and shapes.shape_total > 0 then null
            when pattern_days.day_template_kind = 'D1' and pattern_days.day_template_id is null then 'system_load'
            else 'day_template'
        end as missing_code
    from {{ ref('int_quantity_pattern_day') }} as pattern_days
    left join shapes on pattern_days.shape_id = shapes.shape_id
),

patterns as (
    select
        days.pattern_id,
        min(days.delivery_month) as delivery_month,
        sum(days.day_weight) as weight_total,
        min(case when days.missing_code is not null then days.delivery_on end) as missing_on,
        md5(
            string_agg(concat_ws(':', days.delivery_on, days.day_weight, days.shape_digest), '|' order by days.delivery_on)
        ) as pattern_digest
    from days
    group by days.pattern_id
)

select
    patterns.pattern_id,
    patterns.delivery_month,
    patterns.weight_total,
    patterns.pattern_digest,
    patterns.missing_on,
    days.day_type as missing_day_type,
    coalesce(days.missing_code, case when patterns.weight_total = 0 then 'month_weight' end) as missing_code
from patterns
left join days
    on
        patterns.pattern_id = days.pattern_id
        and patterns.missing_on = days.delivery_on

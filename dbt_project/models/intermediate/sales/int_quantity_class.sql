-- The cells of a distributable pattern, counted: an hour of every day of equal weight and shape has the same quota
-- Q_month x numerator / denominator = Q_month x w / sum of w x s / sum of s (domain 1.2).
with classes as (
    select
        days.pattern_id,
        days.class_no,
        days.shape_id,
        days.day_weight,
        count(*) as days
    from {{ ref('int_quantity_pattern_day') }} as days
    where days.day_weight > 0
    group by days.pattern_id, days.class_no, days.shape_id, days.day_weight
),

shapes as (
    select
        hours.*,
        sum(hours.hour_weight) over (partition by hours.shape_id) as shape_total
    from {{ ref('int_quantity_shape') }} as hours
)

select
    classes.pattern_id,
    classes.class_no,
    shapes.hour,
    classes.days,
    classes.day_weight * shapes.hour_weight as quota_numerator,
    patterns.weight_total * shapes.shape_total as quota_denominator
from classes
inner join {{ ref('int_quantity_pattern') }} as patterns on classes.pattern_id = patterns.pattern_id
inner join shapes on classes.shape_id = shapes.shape_id
where
    patterns.missing_code is null
    and shapes.hour_weight > 0

-- The days of each pattern: contracts that share province, templates and days of a month share one, and their days are
-- weighed once. A shape is how a day spreads over its hours; class_no numbers the days of equal shape and weight.
with patterns as (
    select distinct
        agreed.pattern_id,
        agreed.province,
        agreed.delivery_month,
        agreed.from_on,
        agreed.to_on,
        agreed.month_template_id,
        agreed.month_template_version,
        agreed.day_template_kind,
        agreed.day_template_id,
        agreed.day_template_version
    from {{ ref('int_quantity_agreed') }} as agreed
    where agreed.pattern_id is not null
),

-- the yearly notice names exchanged workdays too: a year without it has neither known holidays nor known weekends
noticed_year as (
    select distinct extract(year from exceptions.delivery_on) as calendar_year
    from {{ ref('calendar_exception') }} as exceptions
),

days as (
    select
        patterns.*,
        cast(series.day as date) as delivery_on,
        case
            when years.calendar_year is not null
                then {{ fine_day_type(day_type('series.day', 'exceptions.day_type'), 'series.day') }}
        end as day_type
    from patterns
    cross join lateral generate_series(patterns.from_on, patterns.to_on, interval '1 day') as series (day)
    left join {{ ref('calendar_exception') }} as exceptions on cast(series.day as date) = exceptions.delivery_on
    left join noticed_year as years on extract(year from series.day) = years.calendar_year
),

weighed as (
    select
        days.*,
        coalesce(own.weight, others.weight) as day_weight,
        tou.schedule_id,
        case
            when days.day_template_kind in ('D2', 'D3', 'D4') then {{ name_of(['days.day_template_kind', 'tou.schedule_id']) }}
            when days.day_template_id is not null
                then {{ name_of(['days.day_template_kind', 'days.day_template_id', 'days.day_template_version', 'days.day_type']) }}
            else {{ name_of(["'system'", 'days.province', 'days.delivery_month', 'days.day_type']) }}
        end as shape_id
    from days
    left join {{ ref('stg_curve_template') }} as own
        on
            days.month_template_id = own.template_id
            and days.month_template_version = own.template_version
            and days.day_type = own.day_type
            and own.template_kind = 'M'
            and own.part = 0
    left join {{ ref('stg_curve_template') }} as others
        on
            days.month_template_id = others.template_id
            and days.month_template_version = others.template_version
            and days.day_type is not null
            and others.day_type = 'all'
            and others.template_kind = 'M'
            and others.part = 0
    left join {{ ref('stg_tou_day') }} as tou
        on
            days.province = tou.province
            and days.delivery_on = tou.delivery_on
)

select
    weighed.*,
    dense_rank() over (partition by weighed.pattern_id order by weighed.shape_id, weighed.day_weight) as class_no
from weighed

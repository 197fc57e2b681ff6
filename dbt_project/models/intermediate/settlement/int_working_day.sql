-- Every day of the years whose holidays are known, with the working days up to and including it. Years without the yearly
-- notice (seed calendar_exception) have neither known holidays nor known working weekends, and no rows.
with noticed as (
    select distinct cast(extract(year from exceptions.delivery_on) as integer) as calendar_year
    from {{ ref('calendar_exception') }} as exceptions
),

days as (
    select
        noticed.calendar_year,
        cast(series.day as date) as delivery_on,
        cast(date_trunc('month', series.day) as date) as delivery_month,
        {{ day_type('series.day', 'exceptions.day_type') }} = 'workday' as is_working_day
    from noticed
    cross join
        lateral generate_series(
            make_date(noticed.calendar_year, 1, 1), make_date(noticed.calendar_year, 12, 31), interval '1 day'
        ) as series (day)
    left join {{ ref('calendar_exception') }} as exceptions on cast(series.day as date) = exceptions.delivery_on
)

select
    days.delivery_on,
    days.delivery_month,
    days.is_working_day,
    cast(count(*) filter (where days.is_working_day) over (order by days.delivery_on) as integer) as working_no,
    cast(
        count(*) filter (where days.is_working_day) over (partition by days.delivery_month order by days.delivery_on)
        as integer
    ) as month_working_no,
    -- a year that lacks its notice between two that have one would make deadlines too late
    days.calendar_year - min(days.calendar_year) over () + 1
    = dense_rank() over (order by days.calendar_year) as is_unbroken
from days

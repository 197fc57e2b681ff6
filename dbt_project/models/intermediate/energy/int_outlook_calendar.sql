-- the days that an outlook looks back at or forward to, past the last metered one: this year and the weeks before it
with bounds as (
    select
        least(date_trunc('year', run.business_date), run.business_date - {{ var('outlook_history_days') }}) as first_on,
        date_trunc('year', run.business_date) + interval '1 year - 1 day' as last_on
    from {{ ref('stg_run') }} as run
)

select
    cast(series.day as date) as delivery_on,
    cast(date_trunc('month', series.day) as date) as delivery_month,
    cast(date_trunc('week', series.day) as date) as week_on,
    {{ day_type('series.day', 'exceptions.day_type') }} as day_type
from bounds
cross join lateral generate_series(bounds.first_on, bounds.last_on, interval '1 day') as series (day)
left join {{ ref('calendar_exception') }} as exceptions on cast(series.day as date) = exceptions.delivery_on

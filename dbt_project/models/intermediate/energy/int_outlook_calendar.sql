-- the days that an outlook looks back at or forward to, past the last metered one: this year and the weeks before it
select
    cast(series.day as date) as delivery_on,
    cast(date_trunc('month', series.day) as date) as delivery_month,
    cast(date_trunc('week', series.day) as date) as week_on,
    {{ weekday_type('series.day') }} as day_type
from {{ ref('stg_run') }} as run
cross join lateral generate_series(
    least(date_trunc('year', run.business_date), run.business_date - {{ var('outlook_history_days') }}),
    date_trunc('year', run.business_date) + interval '1 year - 1 day',
    interval '1 day'
) as series (day)

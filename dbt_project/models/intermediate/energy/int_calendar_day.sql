{{ config(materialized='view') }}

-- every delivery day that metering is expected for or was delivered for, and what kind of day it is
with bounds as (
    select
        date_trunc(
            'month',
            least(
                (select min(head.delivery_on) from {{ ref('stg_meter_day') }} as head),
                (select min(months.delivery_month) from {{ ref('stg_settlement_month') }} as months),
                run.business_date
            )
        ) as first_on,
        greatest(
            (select max(head.delivery_on) from {{ ref('stg_meter_day') }} as head),
            (select max(months.delivery_month) + interval '1 month - 1 day' from {{ ref('stg_settlement_month') }} as months),
            run.business_date - 1
        ) as last_on
    from {{ ref('stg_run') }} as run
)

select
    cast(series.day as date) as delivery_on,
    cast(date_trunc('month', series.day) as date) as delivery_month,
    {{ day_type('series.day', 'exceptions.day_type') }} as day_type,
    {{ weekday_type('series.day') }} as weekday_type,
    exceptions.name_zh as day_name_zh,
    exceptions.name_en as day_name_en
from bounds
cross join lateral generate_series(bounds.first_on, bounds.last_on, interval '1 day') as series (day)
left join {{ ref('calendar_exception') }} as exceptions on cast(series.day as date) = exceptions.delivery_on

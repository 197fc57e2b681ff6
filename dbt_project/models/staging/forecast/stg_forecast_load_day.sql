{{ config(materialized='view', tags=['after_forecast']) }}

-- the latest forecast of each delivery day: the last gate, and of that gate the last run
with ranked as (
    select
        days.province,
        days.delivery_on,
        days.quantile,
        {{ curve_columns('days') }},
        runs.gate_at,
        runs.forecast_run_id,
        row_number() over (
            partition by days.province, days.delivery_on, days.quantile
            order by runs.gate_at desc, runs.forecast_run_id desc
        ) as recency
    from {{ source('forecast', 'load_day') }} as days
    inner join {{ source('forecast', 'run') }} as runs on days.forecast_run_id = runs.forecast_run_id
    where runs.kind = 'load'
)

select
    ranked.province,
    ranked.delivery_on,
    ranked.quantile,
    ranked.gate_at,
    ranked.forecast_run_id,
    {{ curve_columns('ranked') }}
from ranked
where ranked.recency = 1

{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}],
        pre_hook="{{ empty_in_place() }}",
    )
}}

select
    head.province,
    head.delivery_on,
    ({{ hours_sum('head') }}) * 1000 as day_ahead_wh,
    {{ hours_to_slots('head') }},
    {{ provenance('head') }}
from {{ ref('stg_day_ahead_day_version') }} as head
where head.recency = 1

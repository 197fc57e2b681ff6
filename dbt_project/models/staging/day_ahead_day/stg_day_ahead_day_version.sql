{{ config(materialized='view') }}

with versions as (
    {{ landed_versions('day_ahead_day', ['province', 'delivery_on']) }}
)

select
    versions.province,
    versions.delivery_on,
    {{ hour_list('versions') }},
    {{ provenance('versions') }},
    versions.recency
from versions

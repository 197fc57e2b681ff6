{{ config(materialized='view') }}

with versions as (
    {{ landed_versions('system_day', ['province', 'system_series', 'delivery_on']) }}
)

select
    versions.province,
    versions.system_series,
    versions.delivery_on,
    {{ curve_columns('versions') }},
    {{ provenance('versions') }},
    versions.recency
from versions

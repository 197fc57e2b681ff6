{{ config(materialized='view') }}

with versions as (
    {{ landed_versions('day_ahead_day', ['province', 'delivery_on']) }}
)

select
    versions.province,
    versions.delivery_on,
    {% for hour in hour_columns() %}versions.{{ hour }}, {% endfor %}
    {{ provenance('versions') }},
    versions.recency
from versions

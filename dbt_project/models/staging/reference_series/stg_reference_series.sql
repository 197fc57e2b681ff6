with versions as (
    {{ landed_versions('reference_series', ['province', 'series_code', 'delivery_month']) }}
)

select
    versions.province,
    versions.series_code,
    versions.delivery_month,
    versions.value,
    versions.unit,
    versions.status,
    versions.published_on,
    versions.publication,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

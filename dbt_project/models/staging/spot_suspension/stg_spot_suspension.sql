with versions as (
    {{ landed_versions('spot_suspension', ['province', 'delivery_on']) }}
)

select
    versions.province,
    versions.delivery_on,
    versions.first_hour,
    versions.last_hour,
    versions.reason,
    {{ provenance('versions') }}
from versions
where versions.recency = 1 and versions.is_suspended = 'yes'

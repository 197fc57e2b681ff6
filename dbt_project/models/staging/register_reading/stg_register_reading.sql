with versions as (
    {{ landed_versions('register_reading', ['metering_point_id', 'channel', 'read_at']) }}
)

select
    versions.metering_point_id,
    versions.channel,
    versions.read_at,
    versions.kind,
    versions.register_kwh,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

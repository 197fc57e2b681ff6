with versions as (
    {{ landed_versions('register_reading', ['metering_point_id', 'channel', 'kind', 'read_at']) }}
)

-- the kind is part of the key: a live reading at midnight never replaces the freeze of that midnight
select
    versions.metering_point_id,
    versions.channel,
    versions.read_at,
    versions.kind,
    versions.register_kwh,
    versions.max_demand_kw,
    versions.max_demand_at,
    {{ provenance('versions') }}
from versions
where
    versions.recency = 1
    and versions.kind in ('daily_freeze', 'monthly_freeze')

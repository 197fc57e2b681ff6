with versions as (
    {{ landed_versions('metering_point', ['metering_point_id', 'effective_from']) }}
)

select
    versions.metering_point_id,
    versions.effective_from,
    versions.account_id,
    versions.meter_id,
    versions.ct_ratio,
    versions.pt_ratio,
    versions.net_rule,
    {{ valid_to('versions', 'metering_point_id') }} as valid_to,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

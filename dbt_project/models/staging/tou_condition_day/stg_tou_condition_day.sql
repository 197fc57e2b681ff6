with versions as (
    {{ landed_versions('tou_condition_day', ['province', 'delivery_on', 'condition_code']) }}
)

select
    versions.province,
    versions.delivery_on,
    versions.condition_code,
    versions.holds = 'yes' as does_hold,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

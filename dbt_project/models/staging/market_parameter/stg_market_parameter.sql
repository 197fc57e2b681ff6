with versions as (
    {{ landed_versions('market_parameter', ['province', 'delivery_month', 'parameter']) }}
)

select
    versions.province,
    versions.delivery_month,
    versions.parameter,
    versions.value,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

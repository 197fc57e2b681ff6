with versions as (
    {{ landed_versions('market_volume', ['province', 'delivery_month']) }}
)

select
    versions.province,
    versions.delivery_month,
    versions.market_mwh,
    versions.own_mwh,
    versions.retailers,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

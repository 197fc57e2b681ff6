with versions as (
    {{ landed_versions('budget', ['delivery_month', 'province', 'item']) }}
)

select
    versions.delivery_month,
    versions.province,
    versions.item,
    versions.amount_cny,
    versions.energy_mwh,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

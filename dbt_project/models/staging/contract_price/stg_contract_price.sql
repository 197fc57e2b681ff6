with versions as (
    {{ landed_versions('contract_price', ['contract_id', 'component', 'period']) }}
)

select
    versions.contract_id,
    versions.component,
    versions.period,
    versions.price_cny_per_mwh,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

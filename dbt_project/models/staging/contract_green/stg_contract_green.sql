with versions as (
    {{ landed_versions('contract_green', ['contract_id', 'delivery_month']) }}
)

select
    versions.contract_id,
    versions.delivery_month,
    versions.green_contract_mwh,
    versions.generation_mwh,
    versions.certificates,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

with versions as (
    {{ landed_versions('contract_quantity', ['contract_id', 'delivery_month']) }}
)

select
    versions.contract_id,
    versions.delivery_month,
    versions.quantity_mwh,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

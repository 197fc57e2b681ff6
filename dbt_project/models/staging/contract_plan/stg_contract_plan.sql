with versions as (
    {{ landed_versions('contract_plan', ['contract_id', 'delivery_month']) }}
)

select
    versions.contract_id,
    versions.delivery_month,
    versions.energy_mwh,
    versions.revenue_cny,
    versions.purchase_cny,
    versions.margin_cny,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

with versions as (
    {{ landed_versions('contract', ['contract_id']) }}
)

select
    versions.contract_id,
    versions.customer_id,
    versions.province,
    versions.package_type,
    versions.signed_on,
    versions.effective_from,
    versions.effective_to,
    versions.sales_channel,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

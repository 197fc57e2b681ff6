with versions as (
    {{ landed_versions('service', ['service_id']) }}
)

select
    versions.service_id,
    versions.customer_id,
    versions.service_kind,
    versions.fee_basis,
    versions.fee_cny,
    versions.effective_from,
    versions.effective_to,
    versions.vat_rate,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

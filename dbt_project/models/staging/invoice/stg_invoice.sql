with versions as (
    {{ landed_versions('invoice', ['invoice_id']) }}
)

select
    versions.invoice_id,
    versions.contract_id,
    versions.delivery_month,
    versions.issued_on,
    versions.due_on,
    versions.amount_cny,
    versions.vat_rate,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

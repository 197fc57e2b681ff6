with versions as (
    {{ landed_versions('receipt', ['receipt_id']) }}
)

select
    versions.receipt_id,
    versions.invoice_id,
    versions.received_on,
    versions.amount_cny,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

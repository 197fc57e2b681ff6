with versions as (
    {{ landed_versions('quantity_adjustment', ['contract_id', 'delivery_month', 'adjustment_no']) }}
)

select
    versions.contract_id,
    versions.delivery_month,
    versions.adjustment_no,
    versions.adjusted_mwh,
    versions.requested_on,
    versions.requested_by,
    versions.reason,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

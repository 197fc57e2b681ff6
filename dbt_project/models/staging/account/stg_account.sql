with versions as (
    {{ landed_versions('account', ['account_id', 'effective_from']) }}
)

select
    versions.account_id,
    versions.effective_from,
    versions.customer_id,
    versions.voltage_level,
    versions.tariff_class,
    versions.capacity_kva,
    versions.pf_standard,
    versions.metered_side,
    {{ valid_to('versions', 'account_id') }} as valid_to,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

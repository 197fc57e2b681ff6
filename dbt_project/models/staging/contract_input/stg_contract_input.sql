with versions as (
    {{ landed_versions('contract_input', ['contract_id', 'delivery_month', 'input', 'period']) }}
)

select
    versions.contract_id,
    versions.delivery_month,
    versions.input,
    versions.period,
    versions.value,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

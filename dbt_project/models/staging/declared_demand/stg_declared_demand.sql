with versions as (
    {{ landed_versions('declared_demand', ['account_id', 'delivery_month']) }}
)

select
    versions.account_id,
    versions.delivery_month,
    versions.charge_basis,
    versions.declared_kw,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

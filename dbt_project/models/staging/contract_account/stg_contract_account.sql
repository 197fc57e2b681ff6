with versions as (
    {{ landed_versions('contract_account', ['contract_id', 'account_id', 'effective_from']) }}
)

select
    versions.contract_id,
    versions.account_id,
    versions.effective_from,
    coalesce(versions.effective_to, date '9999-12-31') as effective_to,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

with versions as (
    {{ landed_versions('contract_series', ['contract_id', 'input', 'effective_from']) }}
)

select
    versions.contract_id,
    versions.input,
    versions.effective_from,
    coalesce(
        lead(versions.effective_from) over (partition by versions.contract_id, versions.input order by versions.effective_from) - 1,
        date '9999-12-31'
    ) as valid_to,
    versions.series_code,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

with versions as (
    {{ landed_versions('contract_version', ['contract_id', 'version_no']) }}
)

select
    versions.contract_id,
    versions.version_no,
    versions.effective_from,
    -- a later number rules from its first day on, even where that lies before this version's
    coalesce(
        min(versions.effective_from) over (
            partition by versions.contract_id
            order by versions.version_no
            rows between 1 following and unbounded following
        ) - 1,
        date '9999-12-31'
    ) as valid_to,
    versions.package_id,
    versions.package_version,
    versions.reason,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

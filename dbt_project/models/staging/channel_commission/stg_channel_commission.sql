with versions as (
    {{ landed_versions('channel_commission', ['channel_id', 'contract_id', 'effective_from']) }}
)

select
    versions.channel_id,
    versions.contract_id,
    versions.effective_from,
    coalesce(
        lead(versions.effective_from) over (
            partition by versions.channel_id, versions.contract_id order by versions.effective_from
        ) - 1,
        date '9999-12-31'
    ) as valid_to,
    versions.basis,
    versions.rate,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

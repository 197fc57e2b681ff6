with versions as (
    {{ landed_versions('guarantee', ['guarantee_id']) }}
)

select
    versions.guarantee_id,
    versions.province,
    versions.guarantee_kind,
    versions.issuer,
    versions.beneficiary,
    versions.amount_cny,
    versions.valid_from,
    versions.valid_to,
    {{ provenance('versions') }}
from versions
where versions.recency = 1

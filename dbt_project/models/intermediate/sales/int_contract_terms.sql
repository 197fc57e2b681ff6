-- the package of each contract on its day of reference: the business date, or the nearest day of its own term
with reference_day as (
    select
        contracts.contract_id,
        least(greatest(run.business_date, contracts.effective_from), contracts.effective_to) as reference_on
    from {{ ref('stg_contract') }} as contracts
    cross join {{ ref('stg_run') }} as run
),

-- of two contents under one name and version nobody knows which is meant, so that only what they agree on is told
packages as (
    select
        packages.package_id,
        packages.package_version,
        count(*) as contents,
        case when count(distinct packages.package_type) = 1 then min(packages.package_type) end as package_type,
        case when count(*) = 1 then min(packages.package_hash) end as package_hash,
        case when count(distinct packages.title_zh) = 1 then min(packages.title_zh) end as title_zh,
        case when count(distinct packages.title_en) = 1 then min(packages.title_en) end as title_en
    from {{ ref('stg_package') }} as packages
    group by packages.package_id, packages.package_version
)

select
    days.contract_id,
    versions.version_no,
    versions.package_id,
    versions.package_version,
    packages.package_hash,
    packages.package_type as definition_type,
    packages.title_zh as package_title_zh,
    packages.title_en as package_title_en
from reference_day as days
inner join {{ ref('stg_contract_version') }} as versions
    on
        days.contract_id = versions.contract_id
        and days.reference_on between versions.effective_from and versions.valid_to
left join packages
    on
        versions.package_id = packages.package_id
        and versions.package_version = packages.package_version

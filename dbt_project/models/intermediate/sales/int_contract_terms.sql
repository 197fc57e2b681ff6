-- the package of each contract on its day of reference: the business date, or the nearest day of its own term
with reference_day as (
    select
        contracts.contract_id,
        least(greatest(run.business_date, contracts.effective_from), contracts.effective_to) as reference_on
    from {{ ref('stg_contract') }} as contracts
    cross join {{ ref('stg_run') }} as run
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
left join {{ ref('int_package') }} as packages
    on
        versions.package_id = packages.package_id
        and versions.package_version = packages.package_version

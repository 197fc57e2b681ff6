-- what each settled month of a contract brought: under which package, and against its plan
with dated as (
    select
        margins.*,
        -- terms begin with a month; a contract that begins inside one has them from its first day
        greatest(margins.delivery_month, contracts.effective_from) as terms_on
    from {{ ref('settlement_margin') }} as margins
    inner join {{ ref('stg_contract') }} as contracts on margins.contract_id = contracts.contract_id
)

select
    dated.province,
    dated.delivery_month,
    dated.contract_id,
    dated.customer_id,
    dated.customer_name,
    dated.customer_name_en,
    dated.manager_username,
    dated.package_type,
    versions.package_id,
    versions.package_version,
    packages.package_type as definition_type,
    packages.title_zh as package_title_zh,
    packages.title_en as package_title_en,
    dated.energy_mwh,
    dated.retail_cny,
    dated.wholesale_cny,
    dated.margin_cny,
    dated.margin_cny_per_mwh,
    plans.energy_mwh as plan_energy_mwh,
    plans.revenue_cny as plan_revenue_cny,
    plans.margin_cny as plan_margin_cny,
    dated.margin_cny - plans.margin_cny as margin_difference_cny,
    dated.is_illustrative
from dated
left join {{ ref('stg_contract_plan') }} as plans
    on
        dated.contract_id = plans.contract_id
        and dated.delivery_month = plans.delivery_month
left join {{ ref('stg_contract_version') }} as versions
    on
        dated.contract_id = versions.contract_id
        and dated.terms_on between versions.effective_from and versions.valid_to
left join {{ ref('int_package') }} as packages
    on
        versions.package_id = packages.package_id
        and versions.package_version = packages.package_version

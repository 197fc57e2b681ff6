-- the terms of every contract, version by version
select
    versions.contract_id,
    versions.version_no,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.province,
    versions.effective_from,
    nullif(versions.valid_to, date '9999-12-31') as valid_to,
    versions.valid_to < versions.effective_from as is_forestalled,
    versions.package_id,
    versions.package_version,
    versions.reason
from {{ ref('stg_contract_version') }} as versions
left join {{ ref('stg_contract') }} as contracts on versions.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id

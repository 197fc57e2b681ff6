{{ config(materialized='view') }}

-- changed energy of contracts in closed months of which something is proposed
select
    energy.province,
    energy.origin_month,
    energy.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    contracts.package_type,
    energy.energy_wh
from {{ ref('int_correction_energy') }} as energy
left join {{ ref('stg_contract') }} as contracts on energy.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
where
    energy.energy_wh <> 0
    and exists (
        select 1
        from {{ ref('settlement_correction_proposal') }} as proposed
        where
            proposed.status = 'proposed'
            and proposed.province = energy.province
            and proposed.origin_month = energy.origin_month
    )

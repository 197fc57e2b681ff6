select
    blockers.province,
    blockers.delivery_month,
    blockers.contract_id,
    contracts.customer_id,
    customers.manager_username,
    blockers.missing_code,
    blockers.object_name,
    blockers.missing_on,
    {{ quantity_missing_zh('blockers') }} as missing_zh,
    {{ quantity_missing_en('blockers') }} as missing_en,
    {{ quantity_remedy_zh('blockers') }} as remedy_zh,
    {{ quantity_remedy_en('blockers') }} as remedy_en
from {{ ref('int_quantity_blocker') }} as blockers
left join {{ ref('stg_contract') }} as contracts on blockers.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id

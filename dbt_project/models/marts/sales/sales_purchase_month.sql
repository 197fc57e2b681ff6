-- what was bought for a contract beside what it contracted
select
    parts.province,
    parts.delivery_month,
    parts.contract_id,
    parts.customer_id,
    parts.customer_name,
    parts.customer_name_en,
    parts.manager_username,
    parts.contract_mwh,
    sum(parts.purchased_mwh) as purchased_mwh,
    sum(parts.purchased_mwh) - parts.contract_mwh as difference_mwh,
    round(sum(parts.purchased_mwh) / nullif(parts.contract_mwh, 0), 6) as coverage_rate
from {{ ref('sales_purchase_distribution') }} as parts
group by
    parts.province, parts.delivery_month, parts.contract_id, parts.customer_id, parts.customer_name, parts.customer_name_en,
    parts.manager_username, parts.contract_mwh

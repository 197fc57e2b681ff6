select
    judged.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.province,
    judged.delivery_month,
    cast(judged.adjustment_no as integer) as adjustment_no,
    judged.requested_on,
    judged.requested_by,
    judged.reason,
    judged.agreed_mwh,
    judged.adjusted_mwh,
    judged.change_mwh,
    round(judged.change_mwh / nullif(judged.agreed_mwh, 0), 6) as change_rate,
    judged.right_rate,
    cast(judged.notice_days as integer) as notice_days,
    judged.adjust_notice_days,
    judged.adjust_times_per_year,
    judged.is_accepted,
    judged.is_effective,
    judged.refusal_code,
    {{ refusal_zh('judged') }} as refusal_zh,
    {{ refusal_en('judged') }} as refusal_en
from {{ ref('int_quantity_adjustment') }} as judged
left join {{ ref('stg_contract') }} as contracts on judged.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id

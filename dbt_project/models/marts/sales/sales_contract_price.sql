-- the prices that contracts agree on, as far as feed contract_price knows them
select
    prices.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.province,
    prices.component,
    prices.period,
    prices.price_cny_per_mwh
from {{ ref('stg_contract_price') }} as prices
inner join {{ ref('stg_contract') }} as contracts on prices.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id

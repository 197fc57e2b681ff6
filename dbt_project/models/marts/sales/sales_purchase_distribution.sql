-- Purchases of each product shared over the contracts of the province in proportion to their effective quantity of the month,
-- in whole kWh by largest remainder: the parts of a product add up to what was bought of it.
select
    bought.province,
    bought.delivery_month,
    bought.product,
    months.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    months.effective_mwh as contract_mwh,
    {{ kwh_to_mwh(largest_remainder(
        numerator='(bought.purchased_kwh * months.effective_mwh)',
        denominator='provinces.contract_mwh',
        total='bought.purchased_kwh',
        partition_by='bought.province, bought.delivery_month, bought.product',
        order_by='months.contract_id',
    )) }} as purchased_mwh
from {{ ref('int_purchase_month') }} as bought
inner join {{ ref('int_purchase_province_month') }} as provinces
    on
        bought.province = provinces.province
        and bought.delivery_month = provinces.delivery_month
        and provinces.is_distributable
inner join {{ ref('stg_contract') }} as contracts on bought.province = contracts.province
inner join {{ ref('int_contract_quantity_month') }} as months
    on
        contracts.contract_id = months.contract_id
        and bought.delivery_month = months.delivery_month
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id

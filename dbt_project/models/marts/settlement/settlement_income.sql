-- the retailer's income by month, contract, customer, package, channel and province; totals over any of them add up
select
    income.province,
    income.delivery_month,
    income.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    terms.package_id,
    terms.package_version,
    terms.settles_by,
    channels.channel_id,
    channels.channel_name,
    channels.channel_name_en,
    {{ wh_to_mwh('income.energy_wh') }} as energy_mwh,
    income.retail_cny,
    income.pass_through_cny,
    income.wholesale_cny,
    income.recovery_cny,
    income.operation_cny,
    income.commission_cny,
    commissions.missing as commission_missing,
    income.value_added_cny,
    income.agency_cny,
    income.margin_cny,
    {{ half_up('income.margin_cny * 1000000 / nullif(income.energy_wh, 0)', 3) }} as margin_cny_per_mwh,
    income.is_illustrative
from {{ ref('int_income_month') }} as income
inner join {{ ref('stg_contract') }} as contracts on income.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
left join {{ ref('int_retail_terms') }} as terms
    on
        income.contract_id = terms.contract_id
        and income.delivery_month = terms.delivery_month
left join {{ ref('int_contract_channel') }} as channels on income.contract_id = channels.contract_id
left join {{ ref('int_commission_month') }} as commissions
    on
        income.contract_id = commissions.contract_id
        and income.delivery_month = commissions.delivery_month

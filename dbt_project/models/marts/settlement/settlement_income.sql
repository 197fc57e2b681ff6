-- the retailer's income by month, contract, customer, package, channel and province; totals over any of them add up
select
    income.province,
    income.delivery_month,
    income.contract_id,
    heads.customer_id,
    heads.customer_name,
    heads.customer_name_en,
    heads.manager_username,
    heads.package_id,
    heads.package_version,
    heads.settles_by,
    heads.channel_id,
    heads.channel_name,
    heads.channel_name_en,
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
inner join {{ ref('settlement_statement_contract') }} as heads
    on
        income.contract_id = heads.contract_id
        and income.delivery_month = heads.delivery_month
left join {{ ref('int_commission_month') }} as commissions
    on
        income.contract_id = commissions.contract_id
        and income.delivery_month = commissions.delivery_month

select
    agency.province,
    agency.delivery_month,
    agency.account_id,
    agency.customer_id,
    agency.customer_name,
    agency.customer_name_en,
    agency.manager_username,
    agency.energy_kwh,
    agency.amount_cny as agency_cny,
    market.amount_cny as market_cny,
    agency.energy_cny as agency_energy_cny,
    market.energy_cny as retail_energy_cny,
    market.amount_cny - market.energy_cny as market_grid_cny,
    agency.average_price_cny_per_kwh as agency_cny_per_kwh,
    market.average_price_cny_per_kwh as market_cny_per_kwh,
    agency.amount_cny - market.amount_cny as saving_cny,
    {{ half_up('(agency.amount_cny - market.amount_cny) / nullif(agency.energy_kwh, 0)', 6) }} as saving_cny_per_kwh,
    {{ half_up('(agency.amount_cny - market.amount_cny) / nullif(agency.amount_cny, 0)', 6) }} as saving_rate,
    agency.is_illustrative or market.is_illustrative as is_illustrative
from {{ ref('settlement_grid_bill') }} as agency
inner join {{ ref('settlement_grid_bill') }} as market
    on
        agency.province = market.province
        and agency.delivery_month = market.delivery_month
        and agency.account_id = market.account_id
        and market.bill = 'market'
where agency.bill = 'agency'

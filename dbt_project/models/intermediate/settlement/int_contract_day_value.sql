-- energy of each contract-day and its value at the real-time price of each slot, exact in 1e-9 yuan
select
    days.province,
    days.delivery_month,
    days.is_open_month,
    days.delivery_on,
    days.pack_hash,
    days.settlement_form,
    contracts.contract_id,
    {{ curve_sum('contracts') }} as energy_wh,
    {{ curve_dot('contracts', 'rt') }} as energy_rt_nano
from {{ ref('int_settlement_day') }} as days
inner join {{ ref('int_contract_day_curve') }} as contracts
    on
        days.province = contracts.province
        and days.delivery_on = contracts.delivery_on
left join {{ ref('int_settlement_price_day') }} as rt
    on
        days.province = rt.province
        and days.delivery_on = rt.delivery_on
        and rt.price_role = 'real_time'

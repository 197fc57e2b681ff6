-- What a fixed-price contract's sharp and peak energy of a day costs at the real-time price of its slots, beside the plain
-- mean of the real-time price over the day's valley slots; exact, 1e-9 yuan and 0.001 yuan/MWh.
select
    days.province,
    days.delivery_month,
    days.delivery_on,
    contracts.contract_id,
    contracts.customer_id,
    {{ tou_sum('tou.schedule_id', ['sharp', 'peak'], 'curves.#') }} as peak_wh,
    {{ tou_sum('tou.schedule_id', ['sharp', 'peak'], 'cast(curves.# as bigint) * rt.#') }} as peak_nano,
    {{ tou_sum('tou.schedule_id', ['valley'], 'rt.#') }} as valley_price_total,
    {{ tou_sum('tou.schedule_id', ['valley'], '1') }} as valley_slots
from {{ ref('int_settlement_day') }} as days
inner join {{ ref('int_contract_day_curve') }} as curves
    on
        days.province = curves.province
        and days.delivery_on = curves.delivery_on
inner join {{ ref('stg_contract') }} as contracts
    on
        curves.contract_id = contracts.contract_id
        and contracts.package_type = 'fixed'
inner join {{ ref('stg_market_price_day') }} as rt
    on
        days.province = rt.province
        and days.delivery_on = rt.delivery_on
        and rt.price_series = 'rt_unified'
inner join {{ ref('stg_tou_day') }} as tou
    on
        days.province = tou.province
        and days.delivery_on = tou.delivery_on
        and tou.schedule_id is not null

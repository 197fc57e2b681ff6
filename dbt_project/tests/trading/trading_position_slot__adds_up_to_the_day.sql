-- the slots of a known day add up to the day's position, signed deviation and open position
select
    days.province,
    days.delivery_on
from {{ ref('trading_position_day') }} as days
left join (
    select
        slots.province,
        slots.delivery_on,
        sum(slots.mlt_mwh) as mlt_mwh,
        sum(slots.open_mwh) as open_mwh,
        sum(slots.deviation_mwh) as deviation_mwh
    from {{ ref('trading_position_slot') }} as slots
    group by slots.province, slots.delivery_on
) as totals
    on
        days.province = totals.province
        and days.delivery_on = totals.delivery_on
where
    days.signed_deviation_mwh is not null
    and (days.mlt_mwh, days.open_mwh, days.signed_deviation_mwh)
    is distinct from (round(totals.mlt_mwh, 3), round(totals.open_mwh, 3), round(totals.deviation_mwh, 3))

-- Slots in which the spot market was suspended, and the price that takes the place of its prices (domain §4.2): the mean
-- of the day's own contracts in that hour, or the agency's price of the slot's period. NULL = not known.
with slots as (
    select
        scope.province,
        scope.delivery_month,
        scope.delivery_on,
        scope.suspended_price,
        slots.slot,
        slots.mlt_wh,
        slots.mlt_cost_nano,
        periods.tou_period
    from {{ ref('int_settlement_scope_day') }} as scope
    inner join {{ ref('stg_spot_suspension') }} as suspended
        on
            scope.province = suspended.province
            and scope.delivery_on = suspended.delivery_on
    left join {{ ref('int_mlt_day') }} as mlt
        on
            scope.province = mlt.province
            and scope.delivery_on = mlt.delivery_on
    left join {{ ref('stg_tou_day') }} as tou
        on
            scope.province = tou.province
            and scope.delivery_on = tou.delivery_on
    cross join lateral {{ curve_rows(['mlt'], costs=['mlt']) }} as slots (slot, mlt_wh, mlt_cost_nano)
    left join {{ ref('stg_tou_schedule_slot') }} as periods
        on
            tou.schedule_id = periods.schedule_id
            and slots.slot = periods.slot
    where slots.slot between suspended.first_hour * 4 - 3 and suspended.last_hour * 4
),

named as (
    select
        slots.*,
        case
            when slots.suspended_price is null then 'settlement.suspended_price'
            when slots.suspended_price = 'mlt_period_mean' then 'mlt_period_mean'
            when slots.tou_period is null then 'tou.schedule'
            else 'agency_price.' || slots.tou_period
        end as price_name
    from slots
)

select
    named.province,
    named.delivery_on,
    named.slot,
    named.price_name,
    cast(
        case named.suspended_price
            when 'mlt_period_mean' then {{ half_up('named.mlt_cost_nano / nullif(cast(named.mlt_wh as numeric), 0)', 0) }}
            when 'agency_tou' then {{ half_up('agency.value * 1000', 0) }}
        end as integer
    ) as price
from named
left join {{ ref('stg_market_parameter') }} as agency
    on
        named.province = agency.province
        and named.delivery_month = agency.delivery_month
        and named.price_name = agency.parameter

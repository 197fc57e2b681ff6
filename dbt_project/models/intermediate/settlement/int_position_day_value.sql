{{ config(indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}]) }}

-- The position terms of the difference form per day, exact in 1e-9 yuan (domain §4.1):
-- ΣQda(Pda - Prt) and ΣQmlt(Pmlt - Pref).
with priced as (
    select
        days.province,
        days.delivery_month,
        days.is_open_month,
        days.delivery_on,
        days.pack_hash,
        day_ahead.day_ahead_wh,
        coalesce(mlt.mlt_wh, 0) as mlt_wh,
        {{ curve_dot('day_ahead', 'da') }} as day_ahead_at_da_nano,
        {{ curve_dot('day_ahead', 'rt') }} as day_ahead_at_rt_nano,
        mlt.cost_nano as mlt_cost_nano,
        case days.reference_series
            when 'da_unified' then {{ curve_dot('mlt', 'da') }}
            when 'rt_unified' then {{ curve_dot('mlt', 'rt') }}
        end as mlt_at_reference_nano,
        mlt.province is not null as has_mlt
    from {{ ref('int_settlement_day') }} as days
    inner join {{ ref('int_day_ahead_day') }} as day_ahead
        on
            days.province = day_ahead.province
            and days.delivery_on = day_ahead.delivery_on
    left join {{ ref('int_mlt_day') }} as mlt
        on
            days.province = mlt.province
            and days.delivery_on = mlt.delivery_on
    left join {{ ref('stg_market_price_day') }} as da
        on
            days.province = da.province
            and days.delivery_on = da.delivery_on
            and da.price_series = 'da_unified'
    left join {{ ref('stg_market_price_day') }} as rt
        on
            days.province = rt.province
            and days.delivery_on = rt.delivery_on
            and rt.price_series = 'rt_unified'
)

select
    priced.province,
    priced.delivery_month,
    priced.is_open_month,
    priced.delivery_on,
    priced.pack_hash,
    priced.day_ahead_wh,
    priced.day_ahead_at_da_nano - priced.day_ahead_at_rt_nano as day_ahead_difference_nano,
    priced.mlt_wh,
    case when priced.has_mlt then priced.mlt_cost_nano - priced.mlt_at_reference_nano else 0 end as mlt_difference_nano
from priced

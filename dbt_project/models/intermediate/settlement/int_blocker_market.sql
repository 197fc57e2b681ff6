-- Prices and positions that a settled day lacks. A real-time price is needed wherever energy is metered; a day-ahead
-- price wherever there is a day-ahead position, or a contract position settles against it.
with slots as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        scope.delivery_on,
        scope.reference_series,
        day_ahead.province is not null as has_position,
        da.file_name as da_file_name,
        da.line_no as da_line_no,
        rt.file_name as rt_file_name,
        rt.line_no as rt_line_no,
        slots.*
    from {{ ref('int_settlement_scope_day') }} as scope
    left join {{ ref('int_province_day_curve') }} as actual
        on
            scope.province = actual.province
            and scope.delivery_on = actual.delivery_on
    left join {{ ref('int_day_ahead_day') }} as day_ahead
        on
            scope.province = day_ahead.province
            and scope.delivery_on = day_ahead.delivery_on
    left join {{ ref('int_mlt_day') }} as mlt
        on
            scope.province = mlt.province
            and scope.delivery_on = mlt.delivery_on
    left join {{ ref('stg_market_price_day') }} as da
        on
            scope.province = da.province
            and scope.delivery_on = da.delivery_on
            and da.price_series = 'da_unified'
    left join {{ ref('stg_market_price_day') }} as rt
        on
            scope.province = rt.province
            and scope.delivery_on = rt.delivery_on
            and rt.price_series = 'rt_unified'
    cross join
        lateral {{ curve_rows(['actual', 'day_ahead', 'mlt', 'da', 'rt']) }}
            as slots (slot, actual_wh, day_ahead_wh, mlt_wh, da_price, rt_price)
),

missing as (
    select
        slots.*,
        needs.price_series,
        needs.file_name,
        needs.line_no,
        row_number() over (
            partition by slots.province, slots.delivery_on, needs.price_series order by slots.slot
        ) as place
    from slots
    cross join
        lateral (
            values
            (
                'rt_unified',
                slots.rt_file_name,
                slots.rt_line_no,
                slots.rt_price is null
                and (
                    slots.actual_wh is not null
                    or coalesce(slots.day_ahead_wh, 0) <> 0
                    or (coalesce(slots.mlt_wh, 0) <> 0 and slots.reference_series = 'rt_unified')
                )
            ),
            (
                'da_unified',
                slots.da_file_name,
                slots.da_line_no,
                slots.da_price is null
                and (
                    coalesce(slots.day_ahead_wh, 0) <> 0
                    or (coalesce(slots.mlt_wh, 0) <> 0 and slots.reference_series = 'da_unified')
                )
            )
        ) as needs (price_series, file_name, line_no, is_missing)
    where needs.is_missing
)

select
    missing.province,
    missing.delivery_month,
    missing.is_open_month,
    'price_missing' as blocker_kind,
    missing.price_series as object_id,
    missing.delivery_on,
    case when missing.file_name is not null then missing.slot end as slot,
    coalesce(missing.file_name, 'no delivery') as file_name,
    missing.line_no,
    case when missing.file_name is not null then 'p' || lpad(cast(missing.slot as text), 2, '0') else 'price_series' end as field,
    case
        when missing.file_name is null
            then 'no ' || missing.price_series || ' price of ' || missing.province || ' was delivered for ' || missing.delivery_on
        else
            missing.price_series || ' of ' || missing.province || ' has no price in slot ' || missing.slot || ' of ' || missing.delivery_on
    end as message,
    'deliver the day in feed market_price_day with every slot filled' as remedy
from missing
-- one row for a day without any delivery, not 96
where missing.file_name is not null or missing.place = 1

union all

select
    slots.province,
    slots.delivery_month,
    slots.is_open_month,
    'position_missing' as blocker_kind,
    slots.province as object_id,
    slots.delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    'h01' as field,
    'no day-ahead quantity of ' || slots.province || ' was delivered for ' || slots.delivery_on as message,
    'deliver the day in feed day_ahead_day; a day without a day-ahead purchase is a row of zeros' as remedy
from slots
where not slots.has_position and slots.slot = 1

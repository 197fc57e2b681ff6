-- Prices and positions that a settled day lacks. A real-time price is needed wherever energy is metered, a day-ahead price
-- wherever there is a day-ahead position, the reference price wherever there is a contract position. A monthly balance
-- needs none of them.
with slots as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        scope.delivery_on,
        day_ahead.province is not null or coalesce(rt.suspended_slots, 0) = 96 as has_position,
        {%- for alias in ['da', 'rt', 'reference'] %}
            {{ alias }}.price_series as {{ alias }}_series,
            {{ alias }}.file_name as {{ alias }}_file_name,
            {{ alias }}.line_no as {{ alias }}_line_no,
        {%- endfor %}
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
    {%- for alias, role in [('da', 'day_ahead'), ('rt', 'real_time'), ('reference', 'reference')] %}
        left join {{ ref('int_settlement_price_day') }} as {{ alias }}
            on
                scope.province = {{ alias }}.province
                and scope.delivery_on = {{ alias }}.delivery_on
                and {{ alias }}.price_role = '{{ role }}'
    {%- endfor %}
    cross join
        lateral {{ curve_rows(['actual', 'day_ahead', 'mlt', 'da', 'rt', 'reference']) }}
            as slots (slot, actual_wh, day_ahead_wh, mlt_wh, da_price, rt_price, reference_price)
    where scope.settlement_form <> 'monthly_balance'
),

-- one row per series and slot, whichever roles the series has
needed as (
    select distinct
        slots.province,
        slots.delivery_month,
        slots.is_open_month,
        slots.delivery_on,
        slots.slot,
        needs.price_series,
        needs.file_name,
        needs.line_no,
        suspended.price_name
    from slots
    cross join
        lateral (
            values
            (
                slots.rt_series,
                slots.rt_file_name,
                slots.rt_line_no,
                slots.rt_price is null and (slots.actual_wh is not null or coalesce(slots.day_ahead_wh, 0) <> 0)
            ),
            (
                slots.da_series,
                slots.da_file_name,
                slots.da_line_no,
                slots.da_price is null and coalesce(slots.day_ahead_wh, 0) <> 0
            ),
            (
                slots.reference_series,
                slots.reference_file_name,
                slots.reference_line_no,
                slots.reference_price is null and coalesce(slots.mlt_wh, 0) <> 0
            )
        ) as needs (price_series, file_name, line_no, is_missing)
    left join {{ ref('int_suspension_slot') }} as suspended
        on
            slots.province = suspended.province
            and slots.delivery_on = suspended.delivery_on
            and slots.slot = suspended.slot
    where needs.is_missing and needs.price_series is not null
),

missing as (
    select
        needed.*,
        row_number() over (
            partition by needed.province, needed.delivery_on, needed.price_series order by needed.slot
        ) as place
    from needed
    where needed.price_name is null
),

unpriced as (
    select
        needed.province,
        needed.delivery_month,
        needed.is_open_month,
        needed.delivery_on,
        needed.price_name,
        min(needed.slot) as slot
    from needed
    where needed.price_name is not null
    group by needed.province, needed.delivery_month, needed.is_open_month, needed.delivery_on, needed.price_name
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
    unpriced.province,
    unpriced.delivery_month,
    unpriced.is_open_month,
    case
        when unpriced.price_name in ('settlement.suspended_price', 'tou.schedule') then 'rule_missing'
        when unpriced.price_name = 'mlt_period_mean' then 'price_missing'
        else 'parameter_missing'
    end as blocker_kind,
    unpriced.price_name as object_id,
    unpriced.delivery_on,
    unpriced.slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    unpriced.price_name as field,
    'spot of '
    || unpriced.province
    || ' was suspended on '
    || unpriced.delivery_on
    || ', and from slot '
    || unpriced.slot
    || ' on there is '
    || case
        when unpriced.price_name = 'mlt_period_mean' then 'no contract of the hour whose mean could be its price'
        else 'no ' || unpriced.price_name
    end as message,
    case
        when unpriced.price_name = 'mlt_period_mean' then 'deliver the contracts of the day in feed trade_day'
        when unpriced.price_name in ('settlement.suspended_price', 'tou.schedule')
            then 'add it to the rule pack of ' || unpriced.province || ' that covers ' || unpriced.delivery_on || ' and load it'
        else
            'deliver '
            || unpriced.province
            || ', '
            || to_char(unpriced.delivery_month, 'YYYY-MM')
            || ', '
            || unpriced.price_name
            || ' in feed market_parameter'
    end as remedy
from unpriced

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

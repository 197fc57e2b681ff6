-- The month so far over its known days: every slot metered and the day-ahead quantity delivered.
with months as (
    select
        positions.province,
        positions.delivery_month,
        max(positions.delivery_on) as through_on,
        {%- for quantity in ['mlt_wh', 'day_ahead_wh', 'actual_wh'] %}
            sum(case when positions.deviation_wh is not null then positions.{{ quantity }} end) as {{ quantity }},
        {%- endfor %}
        sum(positions.deviation_wh) as deviation_wh,
        cast(count(positions.deviation_wh) as integer) as known_days,
        cast(count(*) as integer) as days
    from {{ ref('int_position_day') }} as positions
    group by positions.province, positions.delivery_month
)

select
    months.province,
    months.delivery_month,
    months.through_on,
    months.days,
    months.known_days,
    {{ wh_to_mwh('months.mlt_wh') }} as mlt_mwh,
    {{ wh_to_mwh('months.day_ahead_wh') }} as day_ahead_mwh,
    {{ wh_to_mwh('months.actual_wh') }} as actual_mwh,
    {{ wh_to_mwh('months.actual_wh - months.mlt_wh') }} as open_mwh,
    {{ wh_to_mwh('months.deviation_wh') }} as deviation_mwh,
    {{ position_rate('months.deviation_wh', 'months.day_ahead_wh') }} as deviation_rate,
    {{ wh_to_mwh('months.actual_wh - months.day_ahead_wh') }} as signed_deviation_mwh,
    {{ position_rate('months.actual_wh - months.day_ahead_wh', 'months.day_ahead_wh') }} as signed_deviation_rate,
    {{ position_rate('months.mlt_wh', 'months.actual_wh') }} as coverage_rate
from months

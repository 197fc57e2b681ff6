-- A day beside its positions, and the month to date over the days on which all is known.
with days as (
    select
        positions.*,
        case when positions.missing_slots = 0 then positions.actual_wh - positions.day_ahead_wh end as signed_deviation_wh,
        positions.deviation_wh is not null as is_known
    from {{ ref('int_position_day') }} as positions
),

running as (
    select
        days.*,
        {%- for quantity in ['mlt_wh', 'day_ahead_wh', 'actual_wh', 'deviation_wh', 'signed_deviation_wh'] %}
            sum(case when days.is_known then days.{{ quantity }} end) over month_to_date as mtd_{{ quantity }},
        {%- endfor %}
        count(*) over month_to_date as mtd_days
    from days
    window month_to_date as (partition by days.province, days.delivery_month order by days.delivery_on)
)

select
    running.province,
    running.delivery_on,
    {{ wh_to_mwh('running.mlt_wh') }} as mlt_mwh,
    {{ wh_to_mwh('running.day_ahead_wh') }} as day_ahead_mwh,
    {{ wh_to_mwh('running.actual_wh') }} as actual_mwh,
    {{ wh_to_mwh('running.deviation_wh') }} as deviation_mwh,
    {{ position_rate('running.deviation_wh', 'running.day_ahead_wh') }} as deviation_rate,
    {{ wh_to_mwh('running.signed_deviation_wh') }} as signed_deviation_mwh,
    {{ position_rate('running.signed_deviation_wh', 'running.day_ahead_wh') }} as signed_deviation_rate,
    {{ wh_to_mwh('case when running.missing_slots = 0 then running.actual_wh - running.mlt_wh end') }} as open_mwh,
    {{ position_rate('case when running.missing_slots = 0 then running.mlt_wh end', 'running.actual_wh') }} as coverage_rate,
    {{ position_rate('running.mtd_deviation_wh', 'running.mtd_day_ahead_wh') }} as month_to_date_deviation_rate,
    {{ position_rate('running.mtd_signed_deviation_wh', 'running.mtd_day_ahead_wh') }} as month_to_date_signed_deviation_rate,
    {{ position_rate('running.mtd_mlt_wh', 'running.mtd_actual_wh') }} as month_to_date_coverage_rate
from running

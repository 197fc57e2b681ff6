-- Sums of a month's complete days, per customer, industry and portfolio; no 96 columns are read.
select
    days.province,
    days.subject_kind,
    days.subject_id,
    days.delivery_month,
    cast(count(*) as integer) as days,
    cast(count(complete.day) as integer) as complete_days,
    cast(sum(days.missing_slots) as bigint) as missing_slots,
    cast(sum(case when days.quality = 'estimated' then 1 else 0 end) as integer) as estimated_days,
    sum(days.energy_wh * complete.day) as energy_wh,
    sum(days.square_wh2 * complete.day) as square_wh2,
    max(days.max_slot_wh * complete.day) as max_slot_wh,
    min(days.min_slot_wh * complete.day) as min_slot_wh,
    cast(sum(case when days.zero_slots = 96 then complete.day else 0 end) as integer) as zero_days,
    sum(days.night_wh * complete.day) as night_wh,
    {%- for kind in ['workday', 'weekend'] %}
        cast(sum(case when days.day_type = '{{ kind }}' then complete.day end) as integer) as {{ kind }}s,
        sum(case when days.day_type = '{{ kind }}' then days.energy_wh * complete.day end) as {{ kind }}_wh,
    {%- endfor %}
    sum(case when days.day_type = 'workday' then days.night_wh * complete.day end) as workday_night_wh,
{%- for period in tou_periods() %}
    case
        when count(days.{{ period }}_wh * complete.day) = count(complete.day)
            then sum(days.{{ period }}_wh * complete.day)
    end as {{ period }}_wh
{{ ',' if not loop.last }}
{%- endfor %}
from {{ ref('int_load_day') }} as days
cross join lateral (select case when days.missing_slots = 0 then 1 end as day) as complete
group by days.province, days.subject_kind, days.subject_id, days.delivery_month

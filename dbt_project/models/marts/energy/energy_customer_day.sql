{{ config(materialized='view') }}

-- A customer's day against yesterday, the same weekday last week, and its typical day. It reads relations that dbt never
-- drops in a normal run. A comparison with a day that lacks a slot is not known (NULL).
with findings as (
    select
        found.province,
        found.customer_id,
        found.delivery_on,
        string_agg(found.finding_code, ', ' order by found.score desc, found.finding_code) as finding_codes,
        max(found.score) as abnormal_score
    from {{ ref('energy_abnormal_day') }} as found
    group by found.province, found.customer_id, found.delivery_on
),

judged as (
    select distinct
        normal.province,
        normal.customer_id,
        normal.delivery_on
    from {{ ref('int_customer_day_normal') }} as normal
    where normal.reference_days >= {{ var('abnormal_min_days') }}
)

select
    days.province,
    days.customer_id,
    subjects.name_zh as customer_name_zh,
    subjects.name_en as customer_name_en,
    subjects.industry,
    days.delivery_on,
    days.day_type,
    days.energy_wh,
    day_before.energy_wh as day_before_wh,
    week_before.energy_wh as week_before_wh,
    profiles.typical_wh,
    profiles.typical_days,
    {%- for other, energy in [('day_before', 'day_before.energy_wh'), ('week_before', 'week_before.energy_wh'), ('typical', 'profiles.typical_wh')] %}
        case
            when days.missing_slots = 0 then {{ index_rate('days.energy_wh - ' ~ energy, energy) }}
        end as {{ other }}_change_rate,
    {%- endfor %}
    profiles.shape_distance_rate,
    cast(days.max_slot_wh * 0.004 as numeric(16, 3)) as max_kw,
    cast(days.min_slot_wh * 0.004 as numeric(16, 3)) as min_kw,
    {%- for period in tou_periods() %}
        {{ index_rate('days.' ~ period ~ '_wh', 'days.energy_wh') }} as {{ period }}_rate,
    {%- endfor %}
    days.missing_slots,
    cast(round(1 - cast(days.missing_slots as numeric) / 96, 6) as numeric(8, 6)) as completeness_rate,
    days.estimated_points,
    days.estimated_slots,
    days.quality,
    case
        when findings.finding_codes is not null then 'abnormal'
        when days.missing_slots > 0 then 'incomplete'
        when judged.delivery_on is null then 'too_little_history'
        else 'normal'
    end as normality,
    findings.finding_codes,
    findings.abnormal_score
from {{ ref('int_customer_day_curve') }} as days
left join {{ ref('int_subject') }} as subjects
    on
        days.customer_id = subjects.subject_id
        and subjects.subject_kind = 'customer'
left join {{ ref('int_customer_day_profile') }} as profiles
    on
        days.customer_id = profiles.customer_id
        and days.delivery_on = profiles.delivery_on
        and days.day_type = profiles.reference_type
        and days.province = profiles.province
{%- for other, back in [('day_before', 1), ('week_before', 7)] %}
    left join {{ ref('int_customer_day_curve') }} as {{ other }}
        on
            days.customer_id = {{ other }}.customer_id
            and days.delivery_on - {{ back }} = {{ other }}.delivery_on
            and days.province = {{ other }}.province
            and {{ other }}.missing_slots = 0
{%- endfor %}
left join judged
    on
        days.customer_id = judged.customer_id
        and days.delivery_on = judged.delivery_on
        and days.province = judged.province
left join findings
    on
        days.customer_id = findings.customer_id
        and days.delivery_on = findings.delivery_on
        and days.province = findings.province

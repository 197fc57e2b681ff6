{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'customer_id', 'finding_code', 'province'], 'unique': True}],
        pre_hook="{{ empty_in_place() }}",
    )
}}

-- A rule makes a finding when the day is far from normal by every reference type that has days enough: a holiday that looks
-- like this customer's holidays, weekends or workdays is normal.
with far as (
    select
        findings.*,
        count(*) over day_rule as far_types,
        row_number() over (day_rule order by findings.score, findings.reference_type) as nearness
    from {{ ref('int_day_finding') }} as findings
    where
        findings.is_large
        and findings.score >= {{ var('abnormal_score') }}
    window day_rule as (
        partition by findings.province, findings.customer_id, findings.delivery_on, findings.finding_code
    )
),

found as (
    select
        far.*,
        {{ day_type_zh('far.reference_type') }} as type_zh,
        {{ day_type_en('far.reference_type') }} as type_en,
        (far.actual - far.expected) / nullif(abs(far.expected), 0) as change_rate
    from far
    where
        far.far_types = far.reference_types
        and far.nearness = 1
)

select
    found.province,
    found.customer_id,
    subjects.name_zh as customer_name_zh,
    subjects.name_en as customer_name_en,
    subjects.manager_username,
    found.delivery_on,
    found.day_type,
    found.finding_code,
    words.finding_zh,
    words.finding_en,
    found.reference_type,
    found.reference_days,
    found.score,
    words.unit,
    cast(round(found.expected * words.factor, 6) as numeric(20, 6)) as expected_value,
    cast(round(found.actual * words.factor, 6) as numeric(20, 6)) as actual_value,
    case found.finding_code
        when 'ENERGY_HIGH'
            then
                '当日用电 ' || {{ kwh_text('found.actual') }} || ' 千瓦时，比近八周' || found.type_zh || '的中位数 '
                || {{ kwh_text('found.expected') }} || ' 千瓦时高 ' || {{ percent_text('found.change_rate') }} || '%。'
        when 'ENERGY_LOW'
            then
                '当日用电 ' || {{ kwh_text('found.actual') }} || ' 千瓦时，比近八周' || found.type_zh || '的中位数 '
                || {{ kwh_text('found.expected') }} || ' 千瓦时低 ' || {{ percent_text('-found.change_rate') }} || '%。'
        when 'NIGHT_HIGH'
            then
                '夜间（0 时至 {{ var("night_ends_at_hour") }} 时）用电 ' || {{ kwh_text('found.actual') }} || ' 千瓦时，比近八周' || found.type_zh
                || '的中位数 ' || {{ kwh_text('found.expected') }} || ' 千瓦时高 ' || {{ percent_text('found.change_rate') }} || '%。'
        when 'SHAPE_CHANGED'
            then
                '当日有 ' || {{ percent_text('found.actual') }} || '% 的电量不在' || found.type_zh || '典型曲线的时段使用，平时为 '
                || {{ percent_text('found.expected') }} || '%。'
        when 'IDLE_WHILE_LOADED'
            then
                '从 ' || {{ slot_label('found.idle_from_slot - 1') }} || ' 起负荷连续 '
                || to_char(found.idle_run_slots * 0.25, 'FM990.00') || ' 小时为零，而' || found.type_zh || '此时通常有负荷。'
        else
            '当日最大负荷 ' || {{ kw_text('found.actual') }} || ' 千瓦，超过合同容量 ' || {{ kw_text('found.expected') }}
            || ' 千伏安，也高于近八周的所有' || found.type_zh || '。'
    end as reason_zh,
    case found.finding_code
        when 'ENERGY_HIGH'
            then
                'Used ' || {{ kwh_text('found.actual') }} || ' kWh, ' || {{ percent_text('found.change_rate') }}
                || ' % more than the median of ' || {{ kwh_text('found.expected') }} || ' kWh on ' || found.type_en
                || ' of the last eight weeks.'
        when 'ENERGY_LOW'
            then
                'Used ' || {{ kwh_text('found.actual') }} || ' kWh, ' || {{ percent_text('-found.change_rate') }}
                || ' % less than the median of ' || {{ kwh_text('found.expected') }} || ' kWh on ' || found.type_en
                || ' of the last eight weeks.'
        when 'NIGHT_HIGH'
            then
                'Used ' || {{ kwh_text('found.actual') }} || ' kWh at night (00:00 to '
                || {{ slot_label(night_slots() | length) }} || '), ' || {{ percent_text('found.change_rate') }}
                || ' % more than the median of ' || {{ kwh_text('found.expected') }} || ' kWh on ' || found.type_en
                || ' of the last eight weeks.'
        when 'SHAPE_CHANGED'
            then
                {{ percent_text('found.actual') }} || ' % of the energy was used at other times than on typical ' || found.type_en
                || '; usually it is ' || {{ percent_text('found.expected') }} || ' %.'
        when 'IDLE_WHILE_LOADED'
            then
                'The load was zero for ' || to_char(found.idle_run_slots * 0.25, 'FM990.00') || ' hours from '
                || {{ slot_label('found.idle_from_slot - 1') }} || ' on, when there normally is load on ' || found.type_en || '.'
        else
            'The highest load was ' || {{ kw_text('found.actual') }} || ' kW, above the contracted ' || {{ kw_text('found.expected') }}
            || ' kVA and above all ' || found.type_en || ' of the last eight weeks.'
    end as reason_en
from found
left join {{ ref('int_subject') }} as subjects
    on
        found.customer_id = subjects.subject_id
        and subjects.subject_kind = 'customer'
inner join (
    values
    ('ENERGY_HIGH', '用电偏高', 'Energy above normal', 'kWh', 0.001),
    ('ENERGY_LOW', '用电偏低', 'Energy below normal', 'kWh', 0.001),
    ('NIGHT_HIGH', '夜间用电偏高', 'Night load above normal', 'kWh', 0.001),
    ('SHAPE_CHANGED', '用电时段改变', 'Other hours than usual', 'share', 1),
    ('IDLE_WHILE_LOADED', '异常停用', 'Idle while normally loaded', 'hours', 0.25),
    ('PEAK_ABOVE_CAPACITY', '负荷超过容量', 'Peak above capacity', 'kW', 0.004)
) as words (finding_code, finding_zh, finding_en, unit, factor) on found.finding_code = words.finding_code

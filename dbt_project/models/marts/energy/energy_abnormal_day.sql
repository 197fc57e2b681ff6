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
        words.finding_zh,
        words.finding_en,
        words.unit,
        words.reason_zh,
        words.reason_en,
        cast(round(far.expected * words.factor, 6) as numeric(20, 6)) as expected_value,
        cast(round(far.actual * words.factor, 6) as numeric(20, 6)) as actual_value,
        {{ day_type_zh('far.reference_type') }} as type_zh,
        {{ day_type_en('far.reference_type') }} as type_en
    from far
    inner join {{ ref('energy_finding') }} as words on far.finding_code = words.finding_code
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
    found.finding_zh,
    found.finding_en,
    found.reference_type,
    found.reference_days,
    found.score,
    found.unit,
    found.expected_value,
    found.actual_value,
    {{ finding_text('found.reason_zh', 'found', 'found.type_zh') }} as reason_zh,
    {{ finding_text('found.reason_en', 'found', 'found.type_en') }} as reason_en
from found
left join {{ ref('int_subject') }} as subjects
    on
        found.customer_id = subjects.subject_id
        and subjects.subject_kind = 'customer'

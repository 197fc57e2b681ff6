{{ config(tags=['after_forecast']) }}

-- Everything that somebody must be told of: one row per cause, under a key that stays the same as long as the cause does.
with deviations as (
    select
        'deviation|' || outlook.scope || '|' || outlook.subject_id || '|' || outlook.period_code as cause_key,
        'deviation' as kind,
        outlook.level as severity,
        outlook.owner,
        outlook.subject_id || ' ' || outlook.period_code as subject,
        outlook.message_zh,
        outlook.message_en,
        outlook.projected_deviation_rate as value,
        outlook.period_from_on as opened_on,
        outlook.period_to_on as due_on
    from {{ ref('energy_deviation_outlook') }} as outlook
    where outlook.level in ('warn', 'alarm')
),

todos as (
    select
        todos.cause_key,
        todos.kind,
        todos.severity,
        todos.owner,
        todos.subject,
        todos.message_zh,
        todos.message_en,
        cast(null as numeric) as value,
        todos.opened_on,
        todos.due_on
    from {{ ref('operations_todo') }} as todos
    where todos.severity in ('warn', 'alarm')
)

select deviations.* from deviations
union all
select todos.* from todos

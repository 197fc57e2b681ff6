-- Complete past days of what a contract covers now, whoever had it under contract then (a renewal keeps its past), and
-- of all contracts of a province together.
with members as (
    select
        contracts.contract_id,
        contracts.province,
        points.metering_point_id,
        contracts.business_date
    from {{ ref('int_outlook_contract') }} as contracts
    inner join {{ ref('stg_contract_account') }} as accounts
        on
            contracts.contract_id = accounts.contract_id
            and contracts.reference_on between accounts.effective_from and accounts.effective_to
    inner join {{ ref('stg_metering_point') }} as points
        on
            accounts.account_id = points.account_id
            and contracts.reference_on between points.effective_from and points.valid_to
),

subjects as (
    select
        'contract' as scope,
        members.contract_id as subject_id,
        members.metering_point_id,
        members.business_date
    from members
    union all
    select distinct
        'portfolio' as scope,
        members.province as subject_id,
        members.metering_point_id,
        members.business_date
    from members
),

expected as (
    select
        subjects.scope,
        subjects.subject_id,
        count(*) as metering_points
    from subjects
    group by subjects.scope, subjects.subject_id
),

days as (
    select
        subjects.scope,
        subjects.subject_id,
        energy.delivery_on,
        count(*) as metering_points,
        sum(energy.missing_slots) as missing_slots,
        sum(energy.energy_wh) as energy_wh
    from subjects
    inner join {{ ref('int_point_day_energy') }} as energy
        on
            subjects.metering_point_id = energy.metering_point_id
            and energy.delivery_on
            between subjects.business_date - {{ var('outlook_history_days') }} and subjects.business_date - 1
    group by subjects.scope, subjects.subject_id, energy.delivery_on
)

select
    days.scope,
    days.subject_id,
    days.delivery_on,
    calendar.day_type,
    cast(days.energy_wh as bigint) as energy_wh
from days
inner join expected
    on
        days.scope = expected.scope
        and days.subject_id = expected.subject_id
        and days.metering_points = expected.metering_points
inner join {{ ref('int_outlook_calendar') }} as calendar on days.delivery_on = calendar.delivery_on
where days.missing_slots = 0

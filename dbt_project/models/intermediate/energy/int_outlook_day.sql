-- Every day of each contract's period: what was used, when the day is past and complete, and what a typical day uses.
with actual as (
    select
        points.contract_id,
        points.delivery_on,
        cast(sum(points.energy_wh) as bigint) as actual_wh
    from {{ ref('int_point_day_energy') }} as points
    inner join {{ ref('int_outlook_contract') }} as contracts
        on
            points.contract_id = contracts.contract_id
            and points.delivery_on between contracts.period_from_on and contracts.business_date - 1
    where points.assignment_status = 'assigned'
    group by points.contract_id, points.delivery_on
    having sum(points.missing_slots) = 0
)

select
    contracts.contract_id,
    contracts.province,
    days.delivery_on,
    days.delivery_month,
    days.week_on,
    days.day_type,
    days.delivery_on >= contracts.business_date as is_ahead,
    actual.actual_wh,
    typical.typical_wh,
    typical.typical_basis,
    typical.spread_wh
from {{ ref('int_outlook_contract') }} as contracts
inner join {{ ref('int_outlook_calendar') }} as days
    on days.delivery_on between contracts.period_from_on and contracts.period_to_on
left join actual
    on
        contracts.contract_id = actual.contract_id
        and days.delivery_on = actual.delivery_on
left join {{ ref('int_outlook_typical') }} as typical
    on
        contracts.contract_id = typical.subject_id
        and typical.scope = 'contract'
        and days.day_type = typical.day_type

-- The plan of a day against what was used on it. Shifts add up to the day; a day with both shifts and a whole-day
-- record says two things, so its plan is not known. NULL wherever something is unknown or a divisor is 0.
with shifts as (
    select
        plans.*,
        -- a shift that stops makes nothing, even where the plan leaves its output blank
        case when plans.is_planned_stop then coalesce(plans.planned_output, 0) else plans.planned_output end as output
    from {{ ref('stg_production_plan') }} as plans
),

plans as (
    select
        shifts.subject_type,
        shifts.subject_id,
        shifts.plan_on,
        count(*) > 1 and bool_or(shifts.shift = 'whole_day') as is_ambiguous,
        bool_and(shifts.is_planned_stop) as is_planned_stop,
        case
            when count(shifts.output) = count(*) and count(distinct shifts.output_unit) <= 1 then sum(shifts.output)
        end as planned_output,
        case when count(distinct shifts.output_unit) = 1 then min(shifts.output_unit) end as output_unit,
        case
            when count(shifts.expected_energy_kwh) = count(*) then sum(shifts.expected_energy_kwh)
        end as expected_energy_kwh
    from shifts
    group by shifts.subject_type, shifts.subject_id, shifts.plan_on
),

used as (
    select
        plans.subject_type,
        plans.subject_id,
        plans.plan_on,
        min(points.customer_id) as customer_id,
        sum(points.missing_slots) as missing_slots,
        cast(sum(points.energy_wh) / 1000 as numeric(20, 3)) as energy_kwh
    from plans
    inner join {{ ref('int_point_day_energy') }} as points
        on
            plans.plan_on = points.delivery_on
            and plans.subject_id
            = case plans.subject_type when 'customer' then points.customer_id else points.account_id end
    group by plans.subject_type, plans.subject_id, plans.plan_on
),

known as (
    select
        plans.subject_type,
        plans.subject_id,
        coalesce(case when plans.subject_type = 'customer' then plans.subject_id end, used.customer_id) as customer_id,
        plans.plan_on,
        plans.plan_on >= run.business_date as is_ahead,
        plans.is_ambiguous,
        case when not plans.is_ambiguous then plans.is_planned_stop end as is_planned_stop,
        case when not plans.is_ambiguous then plans.planned_output end as planned_output,
        case when not plans.is_ambiguous then plans.output_unit end as output_unit,
        case when not plans.is_ambiguous then plans.expected_energy_kwh end as expected_energy_kwh,
        case when used.missing_slots = 0 then used.energy_kwh end as energy_kwh,
        used.missing_slots
    from plans
    cross join {{ ref('stg_run') }} as run
    left join used
        on
            plans.subject_type = used.subject_type
            and plans.subject_id = used.subject_id
            and plans.plan_on = used.plan_on
)

select
    known.subject_type,
    known.subject_id,
    known.customer_id,
    known.plan_on,
    known.is_planned_stop,
    cast(known.planned_output as numeric(20, 3)) as planned_output,
    known.output_unit,
    cast(known.expected_energy_kwh as numeric(20, 3)) as expected_energy_kwh,
    known.energy_kwh,
    cast(known.missing_slots as integer) as missing_slots,
    cast(known.energy_kwh / nullif(known.planned_output, 0) as numeric(24, 6)) as kwh_per_output,
    cast(known.energy_kwh - known.expected_energy_kwh as numeric(20, 3)) as deviation_kwh,
    cast(
        (known.energy_kwh - known.expected_energy_kwh) / nullif(known.expected_energy_kwh, 0) as numeric(24, 6)
    ) as deviation_rate,
    case
        when known.is_ambiguous then 'plan_ambiguous'
        when known.is_ahead then 'ahead'
        when known.energy_kwh is null then 'curve_incomplete'
        -- a plant that stops may still expect some use
        when known.is_planned_stop and known.energy_kwh > coalesce(known.expected_energy_kwh, 0) then 'stopped_but_consumed'
        when known.is_planned_stop then 'stopped_as_planned'
        else 'produced'
    end as plan_status
from known

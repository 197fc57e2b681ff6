-- how far contracts came on the way from quotation to delivery, and how long each step took. A step that a contract left
-- out, or that its derived state implies, is here without days.
with stays as (
    select
        events.contract_id,
        events.to_state as state,
        events.happened_on as entered_on,
        lead(events.happened_on) over (partition by events.contract_id order by events.event_no) as left_on
    from {{ ref('int_contract_event') }} as events
    cross join {{ ref('stg_run') }} as run
    where
        events.from_state <> events.to_state
        and events.happened_on <= run.business_date
),

steps as (
    select
        words.state,
        words.name_zh,
        words.name_en,
        words.place
    from {{ ref('contract_state') }} as words
    where
        words.phase = 'pipeline'
        or words.state = 'effective'
),

spent as (
    select
        stays.contract_id,
        stays.state,
        count(*) as stays,
        min(stays.entered_on) as entered_on,
        sum(coalesce(stays.left_on, run.business_date) - stays.entered_on) as days
    from stays
    cross join {{ ref('stg_run') }} as run
    group by stays.contract_id, stays.state
),

-- a derived state behind the last step was reached over it
furthest as (
    select
        states.contract_id,
        states.state,
        coalesce(
            max(steps.place),
            min(case when states.is_derived_state then least(words.place, delivering.place) end)
        ) as place
    from {{ ref('int_contract_state') }} as states
    inner join {{ ref('contract_state') }} as words on states.state = words.state
    inner join steps as delivering on delivering.state = 'effective'
    left join spent on states.contract_id = spent.contract_id
    left join steps on spent.state = steps.state
    group by states.contract_id, states.state
)

select
    furthest.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.province,
    cast(extract(year from contracts.effective_from) as integer) as delivery_year,
    steps.state,
    steps.name_zh as state_zh,
    steps.name_en as state_en,
    steps.place as state_place,
    spent.entered_on,
    cast(spent.stays as integer) as stays,
    cast(spent.days as integer) as days,
    furthest.state = steps.state as is_current,
    case
        when furthest.place >= signed.place then 'won'
        when furthest.state = 'cancelled' then 'lost'
        else 'open'
    end as outcome
from furthest
inner join steps on furthest.place >= steps.place
inner join steps as signed on signed.state = 'signed'
inner join {{ ref('stg_contract') }} as contracts on furthest.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
left join spent
    on
        furthest.contract_id = spent.contract_id
        and steps.state = spent.state

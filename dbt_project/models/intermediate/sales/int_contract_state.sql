-- the state of every contract at the business date: by its events, else derived from its dates and marked so
with by_event as (
    select
        events.contract_id,
        events.to_state as state,
        events.entered_on as since_on,
        events.event_no as last_event_no,
        events.event as last_event,
        row_number() over (partition by events.contract_id order by events.event_no desc) as recency
    from {{ ref('int_contract_event') }} as events
    cross join {{ ref('stg_run') }} as run
    where events.happened_on <= run.business_date
),

ended as (
    select
        events.contract_id,
        events.effective_on as ended_on,
        events.fee_cny
    from {{ ref('int_contract_event') }} as events
    cross join {{ ref('stg_run') }} as run
    where
        events.event = 'terminated'
        and events.happened_on <= run.business_date
),

by_date as (
    select
        contracts.contract_id,
        case
            when contracts.signed_on is null or contracts.signed_on > run.business_date then 'draft'
            when contracts.effective_from > run.business_date then 'signed'
            when contracts.effective_to >= run.business_date then 'effective'
            else 'expired'
        end as state,
        case
            when contracts.signed_on is null or contracts.signed_on > run.business_date then null
            when contracts.effective_from > run.business_date then contracts.signed_on
            when contracts.effective_to >= run.business_date then contracts.effective_from
            else contracts.effective_to + 1
        end as since_on
    from {{ ref('stg_contract') }} as contracts
    cross join {{ ref('stg_run') }} as run
)

select
    by_date.contract_id,
    coalesce(by_event.state, by_date.state) as state,
    case when by_event.contract_id is null then by_date.since_on else by_event.since_on end as state_since_on,
    by_event.contract_id is null as is_derived_state,
    by_event.last_event_no,
    by_event.last_event,
    ended.ended_on,
    ended.fee_cny as termination_fee_cny
from by_date
left join ended on by_date.contract_id = ended.contract_id
left join by_event
    on
        by_date.contract_id = by_event.contract_id
        and by_event.recency = 1

-- each event of a contract with the state before and after it, along the state machine (seed contract_transition)
with recursive walked as (
    select
        events.contract_id,
        events.event_no,
        moves.from_state,
        events.event,
        moves.to_state
    from {{ ref('stg_contract_event') }} as events
    inner join {{ ref('contract_transition') }} as moves on events.event = moves.event
    where
        events.event_no = 1
        and moves.from_state = 'none'

    union all

    select
        events.contract_id,
        events.event_no,
        moves.from_state,
        events.event,
        moves.to_state
    from walked
    inner join {{ ref('stg_contract_event') }} as events
        on
            walked.contract_id = events.contract_id
            and walked.event_no + 1 = events.event_no
    inner join {{ ref('contract_transition') }} as moves
        on
            walked.to_state = moves.from_state
            and events.event = moves.event
),

dated as (
    select
        walked.contract_id,
        walked.event_no,
        walked.from_state,
        walked.event,
        walked.to_state,
        events.happened_on,
        -- an event that keeps the state does not begin it anew; days never go back, so the last entry is the highest
        max(events.happened_on) filter (where walked.from_state <> walked.to_state) over (
            partition by walked.contract_id order by walked.event_no
        ) as entered_on,
        events.actor,
        events.reason,
        events.registration_no,
        events.effective_on,
        events.version_no,
        events.new_contract_id,
        events.fee_cny
    from walked
    inner join {{ ref('stg_contract_event') }} as events
        on
            walked.contract_id = events.contract_id
            and walked.event_no = events.event_no
)

select
    dated.*,
    dated.happened_on
    - lag(dated.entered_on) over (partition by dated.contract_id order by dated.event_no) as days_in_from_state
from dated

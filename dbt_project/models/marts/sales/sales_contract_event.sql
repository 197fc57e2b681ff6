-- the history of every contract: from which state, by which event, to which state
select
    events.contract_id,
    events.event_no,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.province,
    events.from_state,
    events.event,
    words.name_zh as event_zh,
    words.name_en as event_en,
    events.to_state,
    states.name_zh as to_state_zh,
    states.name_en as to_state_en,
    events.happened_on,
    events.days_in_from_state,
    events.actor,
    events.reason,
    events.registration_no,
    events.effective_on,
    events.version_no,
    events.new_contract_id,
    events.fee_cny
from {{ ref('int_contract_event') }} as events
inner join {{ ref('contract_event_name') }} as words on events.event = words.event
inner join {{ ref('contract_state') }} as states on events.to_state = states.state
left join {{ ref('stg_contract') }} as contracts on events.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id

-- the contract book
with placed as (
    select
        states.*,
        run.business_date,
        words.name_zh as state_zh,
        words.name_en as state_en,
        words.place as state_place,
        words.phase,
        least(contracts.effective_to, states.ended_on) as last_delivery_on
    from {{ ref('int_contract_state') }} as states
    inner join {{ ref('contract_state') }} as words on states.state = words.state
    inner join {{ ref('stg_contract') }} as contracts on states.contract_id = contracts.contract_id
    cross join {{ ref('stg_run') }} as run
),

-- a renewed or terminated contract runs on until its last delivery day
running as (
    select
        placed.*,
        placed.business_date - placed.state_since_on as days_in_state,
        placed.phase = 'running' as is_renewable,
        case
            when placed.state in ('renewed', 'terminated') and placed.last_delivery_on >= placed.business_date then 'running'
            else placed.phase
        end as phase_now
    from placed
),

dated as (
    select
        running.*,
        case when running.phase_now = 'running' then running.last_delivery_on - running.business_date end as days_to_expiry
    from running
)

select
    contracts.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.province,
    channels.channel_id,
    channels.channel_name,
    channels.channel_name_en,
    channels.channel_kind,
    contracts.package_type,
    terms.version_no,
    terms.package_id,
    terms.package_version,
    terms.definition_type,
    terms.package_title_zh,
    terms.package_title_en,
    dated.state,
    dated.state_zh,
    dated.state_en,
    dated.state_place,
    dated.phase_now as phase,
    dated.state_since_on,
    dated.days_in_state,
    dated.is_derived_state,
    dated.last_event,
    contracts.signed_on,
    contracts.effective_from,
    contracts.effective_to,
    dated.ended_on,
    dated.termination_fee_cny,
    dated.days_to_expiry,
    case when dated.is_renewable then {{ renewal_level('dated.days_to_expiry') }} end as renewal_level,
    case when dated.is_renewable then {{ renewal_urgency('dated.days_to_expiry') }} end as renewal_urgency,
    execution.contract_mwh,
    execution.executed_mwh,
    cast(execution.finished_months as integer) as finished_months,
    execution.execution_rate,
    {{ execution_level('execution.execution_rate') }} as execution_level,
    margins.plan_margin_cny,
    cast(margins.settled_months as integer) as settled_months,
    margins.settled_plan_margin_cny,
    margins.margin_cny,
    margins.margin_cny - margins.settled_plan_margin_cny as margin_difference_cny,
    margins.is_illustrative,
    payments.invoiced_cny,
    payments.received_cny,
    payments.overdue_cny,
    payments.overdue_days,
    {{ overdue_level('payments.overdue_days') }} as overdue_level
from {{ ref('stg_contract') }} as contracts
inner join dated on contracts.contract_id = dated.contract_id
inner join {{ ref('int_contract_execution') }} as execution on contracts.contract_id = execution.contract_id
inner join {{ ref('int_contract_margin') }} as margins on contracts.contract_id = margins.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
left join {{ ref('int_contract_channel') }} as channels on contracts.contract_id = channels.contract_id
left join {{ ref('int_contract_terms') }} as terms on contracts.contract_id = terms.contract_id
left join {{ ref('int_contract_payment') }} as payments on contracts.contract_id = payments.contract_id

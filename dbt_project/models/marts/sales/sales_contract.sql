-- the contract book
with running as (
    select
        states.contract_id,
        states.state,
        states.state_since_on,
        run.business_date - states.state_since_on as days_in_state,
        states.is_derived_state,
        states.last_event,
        states.ended_on,
        states.termination_fee_cny,
        words.name_zh as state_zh,
        words.name_en as state_en,
        words.place as state_place,
        words.phase,
        case when words.phase = 'running' then contracts.effective_to - run.business_date end as days_to_expiry
    from {{ ref('int_contract_state') }} as states
    inner join {{ ref('contract_state') }} as words on states.state = words.state
    inner join {{ ref('stg_contract') }} as contracts on states.contract_id = contracts.contract_id
    cross join {{ ref('stg_run') }} as run
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
    running.state,
    running.state_zh,
    running.state_en,
    running.state_place,
    running.phase,
    running.state_since_on,
    running.days_in_state,
    running.is_derived_state,
    running.last_event,
    contracts.signed_on,
    contracts.effective_from,
    contracts.effective_to,
    running.ended_on,
    running.termination_fee_cny,
    running.days_to_expiry,
    {{ renewal_level('running.days_to_expiry') }} as renewal_level,
    execution.contract_mwh,
    execution.executed_mwh,
    cast(execution.finished_months as integer) as finished_months,
    execution.execution_rate,
    margins.plan_margin_cny,
    cast(margins.settled_months as integer) as settled_months,
    margins.settled_plan_margin_cny,
    margins.margin_cny,
    margins.margin_cny - margins.settled_plan_margin_cny as margin_difference_cny,
    margins.is_illustrative,
    payments.invoiced_cny,
    payments.received_cny,
    payments.overdue_cny,
    payments.overdue_days
from {{ ref('stg_contract') }} as contracts
inner join running on contracts.contract_id = running.contract_id
inner join {{ ref('int_contract_execution') }} as execution on contracts.contract_id = execution.contract_id
inner join {{ ref('int_contract_margin') }} as margins on contracts.contract_id = margins.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
left join {{ ref('int_contract_channel') }} as channels on contracts.contract_id = channels.contract_id
left join {{ ref('int_contract_terms') }} as terms on contracts.contract_id = terms.contract_id
left join {{ ref('int_contract_payment') }} as payments on contracts.contract_id = payments.contract_id

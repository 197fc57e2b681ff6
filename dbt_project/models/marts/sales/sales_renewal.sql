-- running contracts that end within the notice, unless what follows is signed; what is to be done about each
with due as (
    select
        contracts.contract_id,
        contracts.customer_id,
        contracts.province,
        contracts.effective_from,
        contracts.effective_to,
        states.state,
        contracts.effective_to - run.business_date as days_to_expiry
    from {{ ref('stg_contract') }} as contracts
    cross join {{ ref('stg_run') }} as run
    inner join {{ ref('int_contract_state') }} as states on contracts.contract_id = states.contract_id
    inner join {{ ref('contract_state') }} as words on states.state = words.state
    where
        words.phase = 'running'
        and contracts.effective_to
        between run.business_date and run.business_date + {{ var('contract_expiry_notice_days') }}
),

-- the furthest of the customer's contracts that outlive this one
successors as (
    select
        due.contract_id,
        later.contract_id as successor_id,
        words.place >= signed.place as is_signed,
        row_number() over (
            partition by due.contract_id order by words.place desc, later.contract_id
        ) as choice
    from due
    inner join {{ ref('stg_contract') }} as later
        on
            due.customer_id = later.customer_id
            and due.effective_from < later.effective_from
            and due.effective_to < later.effective_to
    inner join {{ ref('int_contract_state') }} as states on later.contract_id = states.contract_id
    inner join {{ ref('contract_state') }} as words on states.state = words.state
    inner join {{ ref('contract_state') }} as signed on signed.state = 'signed'
    where words.phase in ('pipeline', 'running')
),

asked as (
    select
        due.*,
        successors.successor_id,
        case
            when successors.successor_id is not null then 'finish_successor'
            when due.state = 'renewal_offered' then 'follow_offer'
            else 'make_offer'
        end as action
    from due
    left join successors
        on
            due.contract_id = successors.contract_id
            and successors.choice = 1
    where not coalesce(successors.is_signed, false)
)

select
    asked.contract_id,
    asked.customer_id,
    coalesce(customers.customer_name, asked.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, asked.customer_id) as customer_name_en,
    customers.manager_username,
    asked.province,
    asked.state,
    asked.effective_to,
    asked.days_to_expiry,
    {{ renewal_level('asked.days_to_expiry') }} as renewal_level,
    asked.successor_id,
    asked.action,
    case asked.action
        when 'make_offer' then '提出续签'
        when 'follow_offer' then '跟进续签报价'
        when 'finish_successor' then '完成后续合同 ' || asked.successor_id || ' 的签订'
    end as action_zh,
    case asked.action
        when 'make_offer' then 'offer a renewal'
        when 'follow_offer' then 'follow up the renewal offer'
        when 'finish_successor' then 'bring the following contract ' || asked.successor_id || ' to signature'
    end as action_en
from asked
left join {{ ref('int_customer') }} as customers on asked.customer_id = customers.customer_id

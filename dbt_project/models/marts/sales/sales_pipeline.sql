-- contracts on their way to delivery: how long they stand where they are, and who moves next
with last_event as (
    select
        events.contract_id,
        events.event_zh,
        events.event_en,
        events.reason,
        row_number() over (partition by events.contract_id order by events.event_no desc) as recency
    from {{ ref('sales_contract_event') }} as events
    cross join {{ ref('stg_run') }} as run
    where events.happened_on <= run.business_date
),

waiting as (
    select
        book.*,
        book.effective_from - run.business_date as days_to_start,
        case
            when book.state = 'quotation' then 'customer_answer'
            when book.state = 'draft' then 'submission'
            when book.state = 'in_review' then 'review'
            when book.state = 'signed' and book.last_event = 'registration_refused' then 'correction'
            when book.state = 'signed' then 'registration'
            when book.state = 'registered' then 'delivery'
        end as next_step
    from {{ ref('sales_contract') }} as book
    cross join {{ ref('stg_run') }} as run
    where book.phase = 'pipeline'
)

select
    waiting.contract_id,
    waiting.customer_id,
    waiting.customer_name,
    waiting.customer_name_en,
    waiting.manager_username,
    waiting.province,
    waiting.channel_name,
    waiting.channel_name_en,
    waiting.package_title_zh,
    waiting.package_title_en,
    waiting.state,
    waiting.state_zh,
    waiting.state_en,
    waiting.state_place,
    waiting.state_since_on,
    waiting.days_in_state,
    last_event.event_zh as last_event_zh,
    last_event.event_en as last_event_en,
    last_event.reason as last_reason,
    waiting.next_step,
    case waiting.next_step
        when 'customer_answer' then 'customer'
        when 'submission' then 'account_manager'
        when 'review' then 'reviewer'
        when 'correction' then 'account_manager'
        when 'registration' then 'trading_centre'
        when 'delivery' then 'nobody'
    end as waits_for,
    waiting.effective_from,
    cast(extract(year from waiting.effective_from) as integer) as delivery_year,
    waiting.days_to_start,
    waiting.contract_mwh,
    waiting.plan_margin_cny
from waiting
left join last_event
    on
        waiting.contract_id = last_event.contract_id
        and last_event.recency = 1

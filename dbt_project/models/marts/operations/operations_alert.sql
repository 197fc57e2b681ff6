{{ config(materialized='view') }}

-- a view, so that it shows alerts as they are now, not as of the last run
with deliveries as (
    select
        events.alert_id,
        count(*) filter (where deliveries.status = 'sent') as sent,
        count(*) filter (where deliveries.status in ('pending', 'failed')) as waiting,
        count(*) filter (where deliveries.status = 'abandoned') as abandoned,
        max(deliveries.sent_at) as last_sent_at
    from {{ source('ops', 'alert_event') }} as events
    inner join {{ source('ops', 'alert_delivery') }} as deliveries on events.event_id = deliveries.event_id
    group by events.alert_id
)

select
    alerts.alert_id,
    alerts.cause_key,
    alerts.kind,
    alerts.severity,
    alerts.owner,
    alerts.subject,
    alerts.message_zh,
    alerts.message_en,
    alerts.value,
    case
        when alerts.closed_at is not null then 'closed'
        when alerts.acknowledged_at is not null then 'acknowledged'
        else 'open'
    end as state,
    alerts.opened_at,
    alerts.updated_at,
    alerts.closed_at,
    alerts.acknowledged_at,
    alerts.acknowledged_by,
    cast(coalesce(deliveries.sent, 0) as integer) as messages_sent,
    cast(coalesce(deliveries.waiting, 0) as integer) as messages_waiting,
    cast(coalesce(deliveries.abandoned, 0) as integer) as messages_abandoned,
    deliveries.last_sent_at,
    alerts.last_run_id
from {{ source('ops', 'alert') }} as alerts
left join deliveries on alerts.alert_id = deliveries.alert_id

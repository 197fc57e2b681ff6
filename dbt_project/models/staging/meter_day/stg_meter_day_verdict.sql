{{ config(materialized='view') }}

select
    landed.metering_point_id,
    landed.channel,
    landed.delivery_on,
    landed.version,
    landed.verdict,
    landed.rule_codes,
    landed.decided_by,
    landed.reason,
    batch.batch_seq,
    batch.known_at
from {{ source('landing', 'meter_day_verdict') }} as landed
inner join {{ ref('stg_batch') }} as batch on landed.batch_id = batch.batch_id
where landed.channel in ('active_import', 'active_export')

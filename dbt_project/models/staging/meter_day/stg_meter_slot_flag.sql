{{ config(materialized='view') }}

select
    landed.metering_point_id,
    landed.channel,
    landed.delivery_on,
    landed.version,
    landed.slot,
    landed.rule_code,
    landed.flagged_by,
    landed.reason,
    -- EST_... by our own estimation, ESTIMATED_AT_SOURCE by the deliverer
    landed.rule_code like 'EST%' as is_estimated,
    batch.batch_seq,
    batch.known_at
from {{ source('landing', 'meter_slot_flag') }} as landed
inner join {{ ref('stg_batch') }} as batch on landed.batch_id = batch.batch_id
where landed.channel in ('active_import', 'active_export')

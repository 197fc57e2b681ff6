{{ config(materialized='view') }}

select
    slots.schedule_id,
    slots.slot,
    slots.tou_period
from {{ source('reference', 'tou_schedule_slot') }} as slots

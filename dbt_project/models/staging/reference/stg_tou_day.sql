{{ config(materialized='view') }}

select
    days.province,
    days.delivery_on,
    days.schedule_id,
    days.is_illustrative
from {{ source('reference', 'tou_day') }} as days

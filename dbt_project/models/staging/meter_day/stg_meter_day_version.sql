{{ config(materialized='view') }}

select
    landed.metering_point_id,
    landed.channel,
    landed.delivery_on,
    landed.quality,
    landed.source,
    {{ curve_columns('landed') }},
    landed.version,
    landed.line_no,
    landed.batch_id,
    batch.batch_seq,
    batch.known_at,
    batch.file_name
from {{ source('landing', 'meter_day') }} as landed
inner join {{ ref('stg_batch') }} as batch on landed.batch_id = batch.batch_id
where landed.channel in ('active_import', 'active_export')

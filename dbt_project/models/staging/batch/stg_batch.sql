{{ config(materialized='view') }}

select
    batch.batch_id,
    batch.batch_seq,
    batch.feed,
    batch.source,
    batch.file_name,
    batch.known_at
from {{ source('landing', 'batch') }} as batch
where batch.batch_seq <= (select run.through_batch_seq from {{ ref('stg_run') }} as run)

{{ config(materialized='view') }}

-- the run of this session (PGOPTIONS="-c wattledger.run_id=N"), else the latest one over the marts: a pricing reads none
select
    runs.run_id,
    runs.business_date,
    runs.as_of,
    runs.through_batch_seq
from {{ source('ops', 'run') }} as runs
where
    runs.run_id = coalesce(
        cast(nullif(current_setting('wattledger.run_id', true), '') as bigint),
        (
            select max(latest.run_id)
            from {{ source('ops', 'run') }} as latest
            where latest.kind <> 'pricing'
        )
    )

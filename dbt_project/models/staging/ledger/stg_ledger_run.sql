{{ config(materialized='view') }}

select
    runs.run_id,
    runs.province,
    runs.kind,
    runs.origin_month,
    runs.booked_month,
    runs.as_of,
    runs.through_batch_seq,
    runs.business_date,
    array_to_string(runs.pack_hashes, ', ') as pack_hashes,
    runs.code_version,
    runs.input_digest,
    runs.supersedes as supersedes_run_id,
    runs.reason,
    runs.deviation_rate,
    states.actor,
    states.recorded_at as closed_at
from {{ source('ledger', 'settlement_run') }} as runs
inner join {{ source('ledger', 'settlement_run_state') }} as states
    on
        runs.run_id = states.run_id
        and states.state = 'closed'

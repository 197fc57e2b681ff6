{{ config(materialized='view') }}

select
    runs.run_id,
    runs.province,
    runs.kind,
    runs.origin_month,
    runs.booked_month,
    runs.through_batch_seq,
    runs.business_date,
    runs.code_version,
    runs.input_digest,
    runs.supersedes as supersedes_run_id,
    runs.reason,
    runs.deviation_rate,
    states.actor
from {{ source('ledger', 'settlement_run') }} as runs
inner join {{ source('ledger', 'settlement_run_state') }} as states
    on
        runs.run_id = states.run_id
        and states.state = 'closed'

-- the ledger's closed runs: what stands since when, from which knowledge and under which rules
with lines as (
    select
        booked.run_id,
        cast(count(*) as integer) as lines,
        sum({{ signed_amount('booked') }}) as margin_cny
    from {{ ref('stg_ledger_line') }} as booked
    group by booked.run_id
)

select
    runs.run_id,
    runs.province,
    runs.kind,
    runs.origin_month,
    runs.booked_month,
    runs.as_of,
    runs.through_batch_seq,
    runs.business_date,
    runs.pack_hashes,
    runs.code_version,
    runs.input_digest,
    runs.supersedes_run_id,
    runs.reason,
    runs.actor,
    runs.closed_at,
    coalesce(lines.lines, 0) as lines,
    coalesce(lines.margin_cny, 0) as margin_cny
from {{ ref('stg_ledger_run') }} as runs
left join lines on runs.run_id = lines.run_id

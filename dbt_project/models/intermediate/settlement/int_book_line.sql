-- The books: lines of closed months from the ledger, of every other month as computed. A delta line that corrects a closed
-- month belongs to the statement of the month it is booked in, and shows as soon as that month has lines of its own.
with closed as (
    select
        runs.province,
        runs.origin_month as delivery_month
    from {{ ref('stg_ledger_run') }} as runs
    where runs.kind = 'settlement'
),

head as (
    select lines.*
    from {{ ref('int_settlement_line') }} as lines
    where
        not exists (
            select 1
            from closed
            where
                closed.province = lines.province
                and closed.delivery_month = lines.delivery_month
        )
),

statements as (
    select
        closed.province,
        closed.delivery_month,
        false as is_open_month
    from closed

    union all

    select distinct
        head.province,
        head.delivery_month,
        head.is_open_month
    from head
)

select
    head.line_id,
    head.line_id as natural_line_id,
    cast(null as bigint) as run_id,
    head.province,
    head.delivery_month,
    head.delivery_month as origin_month,
    head.is_open_month,
    {%- for column in line_measures() %}
        head.{{ column }},
    {%- endfor %}
    cast(null as text) as reason_code,
    cast(null as text) as supersedes_line_id
from head

union all

select
    booked.line_id,
    booked.natural_line_id,
    booked.run_id,
    booked.province,
    booked.booked_month as delivery_month,
    booked.origin_month,
    statements.is_open_month,
    {%- for column in line_measures() %}
        booked.{{ column }},
    {%- endfor %}
    booked.reason_code,
    booked.supersedes_line_id
from {{ ref('stg_ledger_line') }} as booked
inner join statements
    on
        booked.province = statements.province
        and booked.booked_month = statements.delivery_month

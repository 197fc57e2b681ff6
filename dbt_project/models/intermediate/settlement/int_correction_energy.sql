{{ config(materialized='view') }}

-- Energy of each contract in a closed month: as known now, in the books (with earlier corrections), and as first closed.
with months as (
    select *
    from {{ ref('int_correction_month') }}
    where is_head_settled
),

head as (
    select
        days.province,
        days.delivery_month as origin_month,
        days.contract_id,
        sum(days.energy_wh) as energy_wh
    from {{ ref('int_contract_day_value') }} as days
    group by days.province, days.delivery_month, days.contract_id
),

books as (
    select
        booked.province,
        booked.origin_month,
        booked.contract_id,
        sum(booked.energy_wh) as energy_wh,
        sum(booked.energy_wh) filter (where booked.kind = 'settlement') as closed_wh
    from {{ ref('stg_ledger_contract') }} as booked
    group by booked.province, booked.origin_month, booked.contract_id
),

keys as (
    select
        head.province,
        head.origin_month,
        head.contract_id
    from head
    union
    select
        books.province,
        books.origin_month,
        books.contract_id
    from books
)

select
    months.province,
    months.origin_month,
    keys.contract_id,
    coalesce(head.energy_wh, 0) as head_wh,
    coalesce(books.energy_wh, 0) as books_wh,
    coalesce(books.closed_wh, 0) as closed_wh,
    cast(coalesce(head.energy_wh, 0) - coalesce(books.energy_wh, 0) as bigint) as energy_wh,
    -- below this share of the month, hours are not retraced; a contract that the month did not have has no mean to go by
    coalesce(books.closed_wh, 0) = 0
    or coalesce(
        abs(coalesce(head.energy_wh, 0) - books.energy_wh) >= months.retrace_below_rate * abs(books.closed_wh), false
    ) as is_retraced
from keys
inner join months
    on
        keys.province = months.province
        and keys.origin_month = months.origin_month
left join head
    on
        keys.province = head.province
        and keys.origin_month = head.origin_month
        and keys.contract_id = head.contract_id
left join books
    on
        keys.province = books.province
        and keys.origin_month = books.origin_month
        and keys.contract_id = books.contract_id

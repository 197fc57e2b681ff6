{{ config(materialized='view') }}

-- every natural line of a closed month: as known now beside what the books hold (the line and its earlier corrections)
with months as (
    select *
    from {{ ref('int_correction_month') }}
    where is_head_settled
),

head as (
    select lines.*
    from {{ ref('int_settlement_line') }} as lines
    inner join months
        on
            lines.province = months.province
            and lines.delivery_month = months.origin_month
),

ranked as (
    select
        lines.*,
        row_number() over (partition by lines.natural_line_id order by lines.run_id desc) as recency,
        sum(lines.quantity_mwh) over line as books_quantity_mwh,
        sum(lines.amount_cny) over line as books_amount_cny,
        sum(lines.net_cny) over line as books_net_cny,
        count(*) over line - 1 as corrections
    from {{ ref('stg_ledger_line') }} as lines
    inner join months
        on
            lines.province = months.province
            and lines.origin_month = months.origin_month
    window line as (partition by lines.natural_line_id)
),

books as (
    select *
    from ranked
    where recency = 1
),

moved as (
    select
        shares.natural_line_id,
        cast(sum(shares.energy_wh) as bigint) as energy_wh,
        bool_or(shares.energy_wh <> 0) as is_energy_moved,
        bool_or(shares.amount_cny <> 0) as is_amount_moved
    from {{ ref('int_correction_share') }} as shares
    group by shares.natural_line_id
)

select
    coalesce(head.line_id, books.natural_line_id) as natural_line_id,
    books.line_id as supersedes_line_id,
    coalesce(head.province, books.province) as province,
    coalesce(head.delivery_month, books.origin_month) as origin_month,
    {%- for column in ['side', 'contract_id', 'account_id', 'customer_id', 'component', 'tou_period', 'vat_rate', 'pack_hash', 'is_illustrative'] %}
        coalesce(head.{{ column }}, books.{{ column }}) as {{ column }},
    {%- endfor %}
    head.quantity_mwh as head_quantity_mwh,
    books.books_quantity_mwh,
    case
        when head.quantity_mwh is not null or books.books_quantity_mwh is not null
            then coalesce(head.quantity_mwh, 0) - coalesce(books.books_quantity_mwh, 0)
    end as quantity_mwh,
    coalesce(head.amount_cny, 0) as head_amount_cny,
    coalesce(books.books_amount_cny, 0) as books_amount_cny,
    coalesce(head.amount_cny, 0) - coalesce(books.books_amount_cny, 0) as amount_cny,
    coalesce(head.net_cny, 0) - coalesce(books.books_net_cny, 0) as net_cny,
    case when head.price_cny_per_mwh = books.price_cny_per_mwh then head.price_cny_per_mwh end as price_cny_per_mwh,
    coalesce(books.corrections, 0) as corrections,
    coalesce(moved.is_amount_moved, false) as is_share_moved,
    coalesce(moved.is_energy_moved, false) as is_energy_moved,
    coalesce(moved.energy_wh, 0) as share_energy_wh,
    case
        when
            coalesce(head.quantity_mwh, 0) <> coalesce(books.books_quantity_mwh, 0) or coalesce(moved.is_energy_moved, false)
            then 'quantity_revised'
        when coalesce(head.pack_hash, '') <> coalesce(books.pack_hash, '') then 'rule_revised'
        else 'value_revised'
    end as reason_code
from head
full outer join books on head.line_id = books.natural_line_id
left join moved on coalesce(head.line_id, books.natural_line_id) = moved.natural_line_id
-- what is booked by price difference stands for the whole contract and has nothing beside it (int_correction_difference)
where coalesce(head.component, books.component) <> 'price_difference'

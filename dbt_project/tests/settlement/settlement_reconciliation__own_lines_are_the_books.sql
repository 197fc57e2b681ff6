-- of every month and party with a statement, our lines in the reconciliation are those of the books, each once
with books as (
    select
        {{ statement_party('lines.side') }} as party,
        lines.province,
        lines.delivery_month,
        sum(lines.amount_cny) as amount_cny
    from {{ ref('settlement_line') }} as lines
    where lines.side <> 'income'
    group by {{ statement_party('lines.side') }}, lines.province, lines.delivery_month
),

reconciled as (
    select
        lines.party,
        lines.province,
        lines.delivery_month,
        sum(lines.own_amount_cny) as amount_cny
    from {{ ref('settlement_reconciliation') }} as lines
    group by lines.party, lines.province, lines.delivery_month
)

select
    reconciled.party,
    reconciled.province,
    reconciled.delivery_month,
    books.amount_cny as books_cny,
    reconciled.amount_cny as reconciled_cny
from reconciled
left join books
    on
        reconciled.party = books.party
        and reconciled.province = books.province
        and reconciled.delivery_month = books.delivery_month
where coalesce(books.amount_cny, 0) <> coalesce(reconciled.amount_cny, 0)

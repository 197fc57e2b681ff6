-- no delivered line of a settled month is lost: those of the statements add up to those in the reconciliation
with stated as (
    select
        statements.party,
        statements.province,
        statements.delivery_month,
        sum(statements.amount_cny) as amount_cny
    from {{ ref('int_statement_line') }} as statements
    where
        exists (
            select 1
            from {{ ref('settlement_line') }} as lines
            where
                lines.province = statements.province
                and lines.delivery_month = statements.delivery_month
        )
    group by statements.party, statements.province, statements.delivery_month
),

reconciled as (
    select
        lines.party,
        lines.province,
        lines.delivery_month,
        sum(lines.stated_amount_cny) as amount_cny
    from {{ ref('settlement_reconciliation') }} as lines
    group by lines.party, lines.province, lines.delivery_month
)

select
    stated.party,
    stated.province,
    stated.delivery_month,
    stated.amount_cny as stated_cny,
    reconciled.amount_cny as reconciled_cny
from stated
left join reconciled
    on
        stated.party = reconciled.party
        and stated.province = reconciled.province
        and stated.delivery_month = reconciled.delivery_month
where stated.amount_cny is distinct from reconciled.amount_cny

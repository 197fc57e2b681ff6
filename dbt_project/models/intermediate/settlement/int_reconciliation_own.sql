-- Lines of the books in months of which the party has delivered a statement, under the subject that its statement names: the
-- account, else the contract. Lines of a subject that no statement names stay under their own, and are awaited.
with stated_month as (
    select distinct
        stated.party,
        stated.province,
        stated.delivery_month
    from {{ ref('int_statement_line') }} as stated
),

stated_subject as (
    select distinct
        stated.party,
        stated.province,
        stated.delivery_month,
        stated.subject_type,
        stated.subject_id
    from {{ ref('int_statement_line') }} as stated
)

select
    lines.line_id,
    stated_month.party,
    lines.province,
    lines.delivery_month,
    lines.side,
    case
        when stated_month.party = 'trading_centre' then 'retailer'
        when accounts.subject_id is not null then 'account'
        when contracts.subject_id is not null then 'contract'
        when lines.account_id is not null then 'account'
        else 'contract'
    end as subject_type,
    case
        when stated_month.party = 'trading_centre' then lines.province
        else coalesce(accounts.subject_id, contracts.subject_id, lines.account_id, lines.contract_id)
    end as subject_id,
    lines.contract_id,
    lines.account_id,
    lines.customer_id,
    lines.component,
    lines.tou_period,
    case when lines.reason_code is null then 'regular' else 'correction' end as line_kind,
    lines.quantity_mwh,
    lines.price_cny_per_mwh,
    lines.average_price_cny_per_mwh,
    lines.amount_cny,
    lines.is_illustrative
from {{ ref('int_book_line') }} as lines
inner join stated_month
    on
        lines.province = stated_month.province
        and lines.delivery_month = stated_month.delivery_month
        and {{ statement_party('lines.side') }} = stated_month.party
left join stated_subject as accounts
    on
        stated_month.party = accounts.party
        and stated_month.province = accounts.province
        and stated_month.delivery_month = accounts.delivery_month
        and accounts.subject_type = 'account'
        and lines.account_id = accounts.subject_id
left join stated_subject as contracts
    on
        stated_month.party = contracts.party
        and stated_month.province = contracts.province
        and stated_month.delivery_month = contracts.delivery_month
        and contracts.subject_type = 'contract'
        and lines.contract_id = contracts.subject_id
where not lines.is_open_month

with statements as (
    select
        stated.party,
        stated.province,
        stated.delivery_month,
        stated.subject_type,
        stated.subject_id,
        string_agg(distinct stated.statement_no, ', ' order by stated.statement_no) as statement_no,
        max(stated.issued_on) as issued_on,
        max(stated.received_on) as received_on
    from {{ ref('int_statement_line') }} as stated
    group by stated.party, stated.province, stated.delivery_month, stated.subject_type, stated.subject_id
),

-- whose a line is that we lack
owners as (
    select
        own.party,
        own.province,
        own.delivery_month,
        own.subject_type,
        own.subject_id,
        max(own.customer_id) as customer_id
    from {{ ref('int_reconciliation_own') }} as own
    group by own.party, own.province, own.delivery_month, own.subject_type, own.subject_id
    having count(distinct own.customer_id) = 1
)

select
    {{ digest([
        'lines.party', 'lines.province', "to_char(lines.delivery_month, 'YYYY-MM')", 'lines.side', 'lines.subject_type',
        'lines.subject_id', 'lines.component', 'lines.tou_period', 'lines.line_kind',
    ]) }} as reconciliation_id,
    lines.party,
    lines.province,
    lines.delivery_month,
    lines.side,
    lines.subject_type,
    lines.subject_id,
    coalesce(lines.contract_id, case lines.subject_type when 'contract' then lines.subject_id end) as contract_id,
    coalesce(lines.account_id, case lines.subject_type when 'account' then lines.subject_id end) as account_id,
    coalesce(lines.customer_id, owners.customer_id) as customer_id,
    customers.customer_name,
    customers.customer_name_en,
    customers.manager_username,
    lines.component,
    coalesce(printed.title_zh, words.title_zh, lines.statement_item, lines.component) as title_zh,
    coalesce(printed.title_en, words.title_en, lines.statement_item, lines.component) as title_en,
    lines.statement_item,
    lines.tou_period,
    lines.line_kind,
    statements.statement_no is not null as is_stated,
    statements.statement_no,
    statements.issued_on,
    statements.received_on,
    lines.own_quantity_mwh,
    lines.stated_quantity_mwh,
    lines.quantity_difference_mwh,
    lines.own_price_cny_per_mwh,
    lines.stated_price_cny_per_mwh,
    lines.price_difference_cny_per_mwh,
    lines.own_amount_cny,
    lines.stated_amount_cny,
    lines.amount_difference_cny,
    lines.quantity_part_cny,
    lines.price_part_cny,
    lines.rule_part_cny,
    lines.margin_effect_cny,
    lines.quantity_tolerance_mwh,
    lines.price_tolerance_cny_per_mwh,
    lines.amount_tolerance_cny,
    lines.difference_kind,
    lines.rule_missing,
    lines.is_illustrative,
    lines.file_name,
    lines.line_no
from {{ ref('int_reconciliation_line') }} as lines
left join statements
    on
        lines.party = statements.party
        and lines.province = statements.province
        and lines.delivery_month = statements.delivery_month
        and lines.subject_type = statements.subject_type
        and lines.subject_id = statements.subject_id
left join owners
    on
        lines.party = owners.party
        and lines.province = owners.province
        and lines.delivery_month = owners.delivery_month
        and lines.subject_type = owners.subject_type
        and lines.subject_id = owners.subject_id
left join {{ ref('settlement_statement_line') }} as printed on lines.line_id = printed.line_id
left join {{ ref('settlement_component') }} as words
    on
        lines.side = words.side
        and lines.component = words.component
left join {{ ref('int_customer') }} as customers on coalesce(lines.customer_id, owners.customer_id) = customers.customer_id

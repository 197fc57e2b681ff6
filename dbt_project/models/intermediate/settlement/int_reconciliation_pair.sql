-- Every line of ours beside the stated one. A stated line that matches nothing takes the component of a line of ours that
-- nothing matches and that has the same subject, period, quantity and amount, where each is the only such: then only the
-- component differs. A line of nothing that one side prints and the other does not is no difference.
with own as (
    select grain.*
    from {{ ref('int_reconciliation_grain') }} as grain
    where grain.whose = 'own'
),

stated as (
    select grain.*
    from {{ ref('int_reconciliation_grain') }} as grain
    where grain.whose = 'stated'
),

own_alone as (
    select
        own.*,
        count(*) over (
            partition by
                own.party, own.province, own.delivery_month, own.side, own.subject_type, own.subject_id, own.tou_period,
                own.line_kind, own.quantity_mwh, own.amount_cny
        ) as alike
    from own
    left join stated
        on
            {{ same_reconciliation('own', 'stated') }}
            and own.tou_period = stated.tou_period
    where stated.party is null
),

stated_alone as (
    select
        stated.*,
        count(*) over (
            partition by
                stated.party, stated.province, stated.delivery_month, stated.side, stated.subject_type, stated.subject_id,
                stated.tou_period, stated.line_kind, stated.quantity_mwh, stated.amount_cny
        ) as alike
    from stated
    left join own
        on
            {{ same_reconciliation('stated', 'own') }}
            and stated.tou_period = own.tou_period
    where own.party is null
),

renamed as (
    select
        {{ reconciliation_key('stated_alone') }},
        stated_alone.tou_period,
        own_alone.component as own_component
    from stated_alone
    inner join own_alone
        on
            stated_alone.party = own_alone.party
            and stated_alone.province = own_alone.province
            and stated_alone.delivery_month = own_alone.delivery_month
            and stated_alone.side = own_alone.side
            and stated_alone.subject_type = own_alone.subject_type
            and stated_alone.subject_id = own_alone.subject_id
            and stated_alone.tou_period = own_alone.tou_period
            and stated_alone.line_kind = own_alone.line_kind
            and stated_alone.quantity_mwh is not distinct from own_alone.quantity_mwh
            and stated_alone.amount_cny = own_alone.amount_cny
    where stated_alone.alike = 1 and own_alone.alike = 1
),

stated_as_own as (
    select
        stated.party,
        stated.province,
        stated.delivery_month,
        stated.side,
        stated.subject_type,
        stated.subject_id,
        coalesce(renamed.own_component, stated.component) as component,
        stated.tou_period,
        stated.line_kind,
        renamed.own_component is not null as does_component_differ,
        stated.quantity_mwh,
        stated.price_cny_per_mwh,
        stated.is_price_exact,
        stated.amount_cny,
        stated.statement_item,
        stated.file_name,
        stated.line_no
    from stated
    left join renamed
        on
            {{ same_reconciliation('stated', 'renamed') }}
            and stated.tou_period = renamed.tou_period
)

select
    coalesce(own.party, stated.party) as party,
    coalesce(own.province, stated.province) as province,
    coalesce(own.delivery_month, stated.delivery_month) as delivery_month,
    coalesce(own.side, stated.side) as side,
    coalesce(own.subject_type, stated.subject_type) as subject_type,
    coalesce(own.subject_id, stated.subject_id) as subject_id,
    coalesce(own.component, stated.component) as component,
    coalesce(own.tou_period, stated.tou_period) as tou_period,
    coalesce(own.line_kind, stated.line_kind) as line_kind,
    own.contract_id,
    own.account_id,
    own.customer_id,
    own.line_id,
    coalesce(own.is_illustrative, false) as is_illustrative,
    coalesce(stated.does_component_differ, false) as does_component_differ,
    {{ or_nothing('own', 'stated', 'quantity_mwh') }} as own_quantity_mwh,
    {{ or_nothing('stated', 'own', 'quantity_mwh') }} as stated_quantity_mwh,
    own.price_cny_per_mwh as own_price_cny_per_mwh,
    stated.price_cny_per_mwh as stated_price_cny_per_mwh,
    own.is_price_exact and stated.is_price_exact as is_price_exact,
    {{ or_nothing('own', 'stated', 'amount_cny') }} as own_amount_cny,
    {{ or_nothing('stated', 'own', 'amount_cny') }} as stated_amount_cny,
    stated.statement_item,
    stated.file_name,
    stated.line_no
from own
full outer join stated_as_own as stated
    on
        {{ same_reconciliation('own', 'stated') }}
        and own.tou_period = stated.tou_period

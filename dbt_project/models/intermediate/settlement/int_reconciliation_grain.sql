-- Both sides at the grain that both have: per subject, component and period, or per component where one side does not divide
-- it by periods. A price is exact where one line has one; else it is the mean.
with own_division as (
    select
        {{ reconciliation_key('own') }},
        bool_and(own.tou_period = 'all') as is_whole
    from {{ ref('int_reconciliation_own') }} as own
    group by {{ reconciliation_key('own') }}
),

stated_division as (
    select
        {{ reconciliation_key('stated') }},
        bool_and(stated.tou_period = 'all') as is_whole
    from {{ ref('int_statement_line') }} as stated
    group by {{ reconciliation_key('stated') }}
),

undivided as (
    select {{ reconciliation_key('own_division') }}
    from own_division
    inner join stated_division
        on
            {{ same_reconciliation('own_division', 'stated_division') }}
            and own_division.is_whole <> stated_division.is_whole
),

both_sides as (
    select
        'own' as whose,
        {{ reconciliation_key('own') }},
        own.tou_period,
        own.quantity_mwh,
        own.price_cny_per_mwh,
        own.average_price_cny_per_mwh,
        own.amount_cny,
        own.contract_id,
        own.account_id,
        own.customer_id,
        own.line_id,
        own.is_illustrative,
        cast(null as text) as item,
        cast(null as text) as file_name,
        cast(null as integer) as line_no
    from {{ ref('int_reconciliation_own') }} as own

    union all

    select
        'stated' as whose,
        {{ reconciliation_key('stated') }},
        stated.tou_period,
        stated.quantity_mwh,
        stated.price_cny_per_mwh,
        cast(null as numeric) as average_price_cny_per_mwh,
        stated.amount_cny,
        cast(null as text) as contract_id,
        cast(null as text) as account_id,
        cast(null as text) as customer_id,
        cast(null as text) as line_id,
        false as is_illustrative,
        stated.item,
        stated.file_name,
        stated.line_no
    from {{ ref('int_statement_line') }} as stated
),

divided as (
    select
        both_sides.*,
        case when undivided.party is null then both_sides.tou_period else 'all' end as common_period
    from both_sides
    left join undivided on {{ same_reconciliation('both_sides', 'undivided') }}
),

summed as (
    select
        divided.whose,
        {{ reconciliation_key('divided') }},
        divided.common_period as tou_period,
        count(*) as lines,
        -- one line without a quantity makes the sum no quantity of the whole; sum() alone would skip it
        case when count(*) = count(divided.quantity_mwh) then sum(divided.quantity_mwh) end as quantity_mwh,
        case when count(*) = 1 then max(divided.price_cny_per_mwh) end as price_cny_per_mwh,
        case when count(*) = 1 then max(divided.average_price_cny_per_mwh) end as average_price_cny_per_mwh,
        sum(divided.amount_cny) as amount_cny,
        case when count(distinct divided.contract_id) = 1 then max(divided.contract_id) end as contract_id,
        case when count(distinct divided.account_id) = 1 then max(divided.account_id) end as account_id,
        case when count(distinct divided.customer_id) = 1 then max(divided.customer_id) end as customer_id,
        min(divided.line_id) as line_id,
        bool_or(divided.is_illustrative) as is_illustrative,
        string_agg(distinct divided.item, ', ' order by divided.item) as statement_item,
        min(divided.file_name) as file_name,
        min(divided.line_no) as line_no
    from divided
    group by divided.whose, {{ reconciliation_key('divided') }}, divided.common_period
)

select
    summed.whose,
    {{ reconciliation_key('summed') }},
    summed.tou_period,
    summed.quantity_mwh,
    summed.price_cny_per_mwh is not null as is_price_exact,
    coalesce(
        summed.price_cny_per_mwh, summed.average_price_cny_per_mwh,
        {{ half_up('summed.amount_cny / nullif(summed.quantity_mwh, 0)', 3) }}
    ) as price_cny_per_mwh,
    summed.amount_cny,
    summed.contract_id,
    summed.account_id,
    summed.customer_id,
    summed.line_id,
    summed.is_illustrative,
    summed.statement_item,
    summed.file_name,
    summed.line_no
from summed

-- Billed and contracted energy of the month, and of the quarter and the year that end with it. A span is only known when
-- every month of it that the contract delivers in is. The contracted energy is the one in effect, adjustments included.
with billed as (
    select
        quantities.contract_id,
        quantities.delivery_month,
        cast(sum(quantities.quantity_kwh) as numeric) * 0.001 as energy_mwh
    from {{ ref('int_retail_account_quantity') }} as quantities
    where quantities.division = 'none'
    group by quantities.contract_id, quantities.delivery_month
),

months as (
    select
        coalesce(billed.contract_id, agreed.contract_id) as contract_id,
        coalesce(billed.delivery_month, agreed.delivery_month) as delivery_month,
        billed.energy_mwh,
        agreed.effective_mwh as quantity_mwh
    from billed
    full outer join {{ ref('int_contract_quantity_month') }} as agreed
        on
            billed.contract_id = agreed.contract_id
            and billed.delivery_month = agreed.delivery_month
),

spans as (
    select
        contracts.contract_id,
        spans.span,
        spans.first_month,
        spans.last_month,
        greatest(spans.first_month, date_trunc('month', contracts.effective_from)) as from_month,
        least(spans.last_month, date_trunc('month', contracts.effective_to)) as to_month
    from billed
    inner join {{ ref('stg_contract') }} as contracts on billed.contract_id = contracts.contract_id
    cross join
        lateral (
            values
            ('quarter', cast(date_trunc('quarter', billed.delivery_month) as date), billed.delivery_month),
            ('year', cast(date_trunc('year', billed.delivery_month) as date), billed.delivery_month)
        ) as spans (span, first_month, last_month)
    where
        (spans.span = 'quarter' and extract(month from billed.delivery_month) in (3, 6, 9, 12))
        or (spans.span = 'year' and extract(month from billed.delivery_month) = 12)
),

summed as (
    select
        spans.contract_id,
        spans.last_month as delivery_month,
        spans.span,
        12 * (extract(year from spans.to_month) - extract(year from spans.from_month))
        + extract(month from spans.to_month) - extract(month from spans.from_month) + 1 as wanted,
        count(months.energy_mwh) as billed_months,
        count(months.quantity_mwh) as agreed_months,
        sum(months.energy_mwh) as energy_mwh,
        sum(months.quantity_mwh) as quantity_mwh
    from spans
    inner join months
        on
            spans.contract_id = months.contract_id
            and months.delivery_month between spans.from_month and spans.to_month
    group by spans.contract_id, spans.last_month, spans.span, spans.from_month, spans.to_month
)

select
    months.contract_id,
    months.delivery_month,
    'contract_q' as name,
    months.quantity_mwh as energy_mwh
from months
where months.quantity_mwh is not null

union all

select
    summed.contract_id,
    summed.delivery_month,
    summed.span || '_q' as name,
    summed.energy_mwh
from summed
where summed.billed_months = summed.wanted

union all

select
    summed.contract_id,
    summed.delivery_month,
    summed.span || '_contract_q' as name,
    summed.quantity_mwh as energy_mwh
from summed
where summed.agreed_months = summed.wanted

-- Contracts in force in the business date's month, each with its clause of the day and the period that the clause counts
-- over. Without a clause, and with an hourly one, the period shown is the month.
with current_month as (
    select
        run.business_date,
        cast(date_trunc('month', run.business_date) as date) as delivery_month,
        cast(date_trunc('month', run.business_date) + interval '1 month - 1 day' as date) as month_to_on
    from {{ ref('stg_run') }} as run
),

in_force as (
    select
        contracts.contract_id,
        contracts.customer_id,
        contracts.province,
        contracts.effective_from,
        contracts.effective_to,
        months.business_date,
        months.delivery_month,
        -- a clause, and the points of a contract, are read on a day of its own term
        least(greatest(months.business_date, contracts.effective_from), contracts.effective_to) as reference_on
    from {{ ref('stg_contract') }} as contracts
    inner join current_month as months
        on
            contracts.effective_from <= months.month_to_on
            and contracts.effective_to >= months.delivery_month
),

periods as (
    select
        in_force.*,
        clauses.mode,
        clauses.price_basis,
        clauses.price_series,
        {%- for column in deviation_terms() %}
            clauses.{{ column }},
        {%- endfor %}
        clauses.borne_by,
        clauses.customer_share_rate,
        case when clauses.mode in ('quarter', 'year') then clauses.mode else 'month' end as period_kind
    from in_force
    left join {{ ref('stg_contract_deviation') }} as clauses
        on
            in_force.contract_id = clauses.contract_id
            and in_force.reference_on between clauses.effective_from and clauses.valid_to
),

terms as (
    select
        periods.*,
        greatest(periods.effective_from, cast(calendar.starts_at as date)) as period_from_on,
        least(periods.effective_to, cast(calendar.starts_at + calendar.length - interval '1 day' as date)) as period_to_on
    from periods
    cross join lateral (
        select
            date_trunc(periods.period_kind, cast(periods.delivery_month as timestamp)) as starts_at,
            case periods.period_kind
                when 'year' then interval '1 year' when 'quarter' then interval '3 months' else interval '1 month'
            end as length
    ) as calendar
),

months as (
    select
        terms.contract_id,
        days.delivery_month
    from terms
    inner join {{ ref('int_outlook_calendar') }} as days on days.delivery_on between terms.period_from_on and terms.period_to_on
    group by terms.contract_id, days.delivery_month
),

quantities as (
    select
        months.contract_id,
        count(*) as months,
        count(quantity.effective_mwh) as months_with_quantity,
        sum(quantity.effective_mwh) as quantity_mwh
    from months
    left join {{ ref('int_contract_quantity_month') }} as quantity
        on
            months.contract_id = quantity.contract_id
            and months.delivery_month = quantity.delivery_month
    group by months.contract_id
)

select
    terms.*,
    -- a period with a month of unknown quantity has no known quantity
    case when quantities.months_with_quantity = quantities.months then quantities.quantity_mwh end as contract_mwh
from terms
inner join quantities on terms.contract_id = quantities.contract_id

-- signed quantity against the plan of the year; the plan is the energy budgeted for retail revenue
with plans as (
    select
        budgets.province,
        cast(extract(year from budgets.delivery_month) as integer) as delivery_year,
        sum(budgets.energy_mwh) as plan_mwh
    from {{ ref('stg_budget') }} as budgets
    where
        budgets.item = 'retail_revenue'
        and budgets.energy_mwh is not null
    group by budgets.province, cast(extract(year from budgets.delivery_month) as integer)
),

-- a cancelled contract has no quantity, a terminated one none after its last month
agreed as (
    select
        contracts.province,
        cast(extract(year from months.delivery_month) as integer) as delivery_year,
        sum(months.effective_mwh) filter (where words.place >= signed.place) as signed_mwh,
        sum(months.effective_mwh) filter (where words.place < signed.place) as negotiated_mwh
    from {{ ref('int_contract_quantity_month') }} as months
    inner join {{ ref('stg_contract') }} as contracts on months.contract_id = contracts.contract_id
    inner join {{ ref('int_contract_state') }} as states on months.contract_id = states.contract_id
    inner join {{ ref('contract_state') }} as words on states.state = words.state
    inner join {{ ref('contract_state') }} as signed on signed.state = 'signed'
    where
        states.state <> 'cancelled'
        and (states.ended_on is null or states.ended_on >= months.delivery_month)
    group by contracts.province, cast(extract(year from months.delivery_month) as integer)
),

-- a plan of the whole house is held against all provinces
scoped as (
    select agreed.* from agreed
    union all
    select
        'all' as province,
        agreed.delivery_year,
        sum(agreed.signed_mwh) as signed_mwh,
        sum(agreed.negotiated_mwh) as negotiated_mwh
    from agreed
    inner join plans
        on
            plans.province = 'all'
            and agreed.delivery_year = plans.delivery_year
    group by agreed.delivery_year
),

years as (
    select
        coalesce(plans.province, scoped.province) as province,
        coalesce(plans.delivery_year, scoped.delivery_year) as delivery_year,
        plans.plan_mwh,
        coalesce(scoped.signed_mwh, 0) as signed_mwh,
        coalesce(scoped.negotiated_mwh, 0) as negotiated_mwh
    from plans
    full outer join scoped
        on
            plans.province = scoped.province
            and plans.delivery_year = scoped.delivery_year
),

rated as (
    select
        years.*,
        round(years.signed_mwh / nullif(years.plan_mwh, 0), 6) as signed_rate,
        round(
            least(greatest(run.business_date - make_date(years.delivery_year, 1, 1), 0), days.days)
            / cast(days.days as numeric),
            6
        ) as elapsed_rate
    from years
    cross join {{ ref('stg_run') }} as run
    cross join lateral (
        select make_date(years.delivery_year + 1, 1, 1) - make_date(years.delivery_year, 1, 1) as days
    ) as days
)

select
    rated.province,
    rated.delivery_year,
    rated.plan_mwh,
    rated.signed_mwh,
    rated.negotiated_mwh,
    rated.signed_rate,
    rated.elapsed_rate,
    case
        when rated.signed_rate is null then 'none'
        when rated.signed_rate < {{ var('kpi_signed_low_rate') }} * rated.elapsed_rate then 'warn'
        else 'ok'
    end as status
from rated

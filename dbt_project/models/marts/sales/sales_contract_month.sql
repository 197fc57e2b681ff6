-- contracted against actual energy, for every month that a contract has either
with actual as (
    select
        points.contract_id,
        cast(date_trunc('month', points.delivery_on) as date) as delivery_month,
        sum(points.energy_wh) as energy_wh
    from {{ ref('int_point_day_energy') }} as points
    where points.assignment_status = 'assigned'
    group by points.contract_id, cast(date_trunc('month', points.delivery_on) as date)
),

months as (
    select
        coalesce(quantities.contract_id, actual.contract_id) as contract_id,
        coalesce(quantities.delivery_month, actual.delivery_month) as delivery_month,
        quantities.effective_mwh as contract_mwh,
        {{ wh_to_mwh('actual.energy_wh') }} as actual_mwh
    from {{ ref('int_contract_quantity_month') }} as quantities
    full outer join actual
        on
            quantities.contract_id = actual.contract_id
            and quantities.delivery_month = actual.delivery_month
),

rated as (
    select
        months.*,
        round(months.actual_mwh / nullif(months.contract_mwh, 0), 6) as execution_rate,
        cast(months.delivery_month + interval '1 month' as date) <= run.business_date as is_finished
    from months
    cross join {{ ref('stg_run') }} as run
)

select
    rated.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.province,
    contracts.package_type,
    rated.delivery_month,
    rated.contract_mwh,
    rated.actual_mwh,
    rated.execution_rate,
    rated.is_finished,
    case when rated.is_finished then {{ execution_level('rated.execution_rate') }} else 'none' end as execution_level
from rated
inner join {{ ref('stg_contract') }} as contracts on rated.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
where
    rated.contract_mwh is not null
    or rated.actual_mwh is not null

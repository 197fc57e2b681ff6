-- Fees of services (feed service) for each settled month: a single fee in the first month, a yearly one in twelve parts that add
-- up to it, one per MWh on the customer's settled energy. A customer with several contracts has them on the first one. Services
-- of a customer without a settled contract in the month are not income of that month.
with customers as (
    select
        contracts.customer_id,
        costs.delivery_month,
        min(costs.contract_id) as contract_id,
        sum(costs.energy_wh) as energy_wh
    from {{ ref('int_purchase_cost') }} as costs
    inner join {{ ref('stg_contract') }} as contracts on costs.contract_id = contracts.contract_id
    where not costs.is_open_month
    group by contracts.customer_id, costs.delivery_month
),

running as (
    select
        services.*,
        customers.contract_id,
        customers.delivery_month,
        customers.energy_wh,
        12 * (extract(year from customers.delivery_month) - extract(year from services.effective_from))
        + extract(month from customers.delivery_month) - extract(month from services.effective_from) as months_before
    from {{ ref('stg_service') }} as services
    inner join customers
        on
            services.customer_id = customers.customer_id
            and date_trunc('month', services.effective_from) <= customers.delivery_month
            and services.effective_to >= customers.delivery_month
)

select
    running.service_id,
    running.customer_id,
    running.contract_id,
    running.delivery_month,
    running.service_kind,
    running.fee_basis,
    case when running.service_kind = 'agency' then 'agency' else 'value_added' end as income_kind,
    case running.fee_basis
        when 'once' then running.fee_cny
        when 'month' then running.fee_cny
        when 'mwh' then {{ half_up('running.fee_cny * running.energy_wh * 0.000001', 2) }}
        when 'year'
            then
                {{ half_up('running.fee_cny * (mod(running.months_before, 12) + 1) / 12', 2) }}
                - {{ half_up('running.fee_cny * mod(running.months_before, 12) / 12', 2) }}
    end as fee_cny,
    coalesce(running.vat_rate, {{ var('service_vat_rate') }}) as vat_rate
from running
where
    running.fee_basis <> 'once'
    or running.months_before = 0

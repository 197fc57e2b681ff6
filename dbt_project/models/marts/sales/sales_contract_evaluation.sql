-- how contracts that have begun did, in four parts; a part that is not known is NULL and says why
with begun as (
    select
        book.*,
        execution.months_without_quantity,
        execution.months_without_metering,
        execution.deviation_rate,
        margins.months_without_plan,
        coalesce(payments.due_invoices, 0) as due_invoices,
        payments.in_time_rate
    from {{ ref('sales_contract') }} as book
    inner join {{ ref('int_contract_execution') }} as execution on book.contract_id = execution.contract_id
    inner join {{ ref('int_contract_margin') }} as margins on book.contract_id = margins.contract_id
    cross join {{ ref('stg_run') }} as run
    left join {{ ref('int_contract_payment') }} as payments on book.contract_id = payments.contract_id
    where
        book.effective_from <= run.business_date
        and book.phase <> 'pipeline'
        and book.state <> 'cancelled'
),

judged as (
    select
        begun.*,
        case
            when begun.finished_months = 0 then 'no_finished_month'
            when begun.months_without_quantity > 0 then 'quantity_missing'
            when begun.months_without_metering > 0 then 'metering_missing'
            when begun.execution_rate is null then 'nothing_contracted'
        end as energy_unknown,
        case
            when begun.settled_months = 0 then 'no_settled_month'
            when begun.months_without_plan > 0 then 'plan_missing'
        end as margin_unknown,
        case when begun.in_time_rate is null then 'no_invoice_due' end as payment_unknown
    from begun
)

select
    judged.contract_id,
    judged.customer_id,
    judged.customer_name,
    judged.customer_name_en,
    judged.manager_username,
    judged.province,
    judged.state,
    judged.state_zh,
    judged.state_en,
    judged.effective_from,
    judged.effective_to,
    judged.finished_months,
    judged.execution_rate,
    {{ unknown_zh('judged.energy_unknown') }} as execution_unknown_zh,
    {{ unknown_en('judged.energy_unknown') }} as execution_unknown_en,
    judged.settled_months,
    judged.settled_plan_margin_cny,
    judged.margin_cny,
    judged.margin_difference_cny,
    {{ unknown_zh('judged.margin_unknown') }} as margin_unknown_zh,
    {{ unknown_en('judged.margin_unknown') }} as margin_unknown_en,
    judged.deviation_rate,
    {{ unknown_zh('judged.energy_unknown') }} as deviation_unknown_zh,
    {{ unknown_en('judged.energy_unknown') }} as deviation_unknown_en,
    cast(judged.due_invoices as integer) as due_invoices,
    judged.in_time_rate,
    judged.overdue_cny,
    {{ unknown_zh('judged.payment_unknown') }} as payment_unknown_zh,
    {{ unknown_en('judged.payment_unknown') }} as payment_unknown_en
from judged

-- what each contract was invoiced and paid by the business date; late = not paid by the due day, included
with paid as (
    select
        invoices.invoice_id,
        sum(receipts.amount_cny) as received_cny,
        sum(receipts.amount_cny) filter (where receipts.received_on <= invoices.due_on) as received_in_time_cny,
        max(receipts.received_on) as last_received_on
    from {{ ref('stg_invoice') }} as invoices
    inner join {{ ref('stg_receipt') }} as receipts on invoices.invoice_id = receipts.invoice_id
    cross join {{ ref('stg_run') }} as run
    where receipts.received_on <= run.business_date
    group by invoices.invoice_id
),

issued as (
    select
        invoices.contract_id,
        invoices.amount_cny,
        invoices.due_on < run.business_date as is_due,
        coalesce(paid.received_cny, 0) as received_cny,
        least(coalesce(paid.received_in_time_cny, 0), invoices.amount_cny) as in_time_cny,
        greatest(invoices.amount_cny - coalesce(paid.received_cny, 0), 0) as open_cny,
        case
            when invoices.amount_cny > coalesce(paid.received_cny, 0) then run.business_date - invoices.due_on
        end as days_open_since_due
    from {{ ref('stg_invoice') }} as invoices
    cross join {{ ref('stg_run') }} as run
    left join paid on invoices.invoice_id = paid.invoice_id
    where invoices.issued_on <= run.business_date
)

select
    issued.contract_id,
    count(*) as invoices,
    sum(issued.amount_cny) as invoiced_cny,
    sum(issued.received_cny) as received_cny,
    coalesce(sum(issued.open_cny) filter (where issued.is_due), 0) as overdue_cny,
    max(issued.days_open_since_due) filter (where issued.is_due) as overdue_days,
    count(*) filter (where issued.is_due and issued.amount_cny > 0) as due_invoices,
    round(
        sum(issued.in_time_cny) filter (where issued.is_due and issued.amount_cny > 0)
        / nullif(sum(issued.amount_cny) filter (where issued.is_due and issued.amount_cny > 0), 0),
        6
    ) as in_time_rate
from issued
group by issued.contract_id

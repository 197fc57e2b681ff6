-- names are printed as known at the business date
select
    customers.customer_id,
    customers.customer_name,
    customers.customer_name_en,
    customers.industry,
    customers.manager_username
from {{ ref('stg_customer') }} as customers
cross join {{ ref('stg_run') }} as run
where run.business_date between customers.effective_from and customers.valid_to

{{ config(tags=['pricing']) }}
-- the cases of this run; a full refresh prices those of every run again
select
    cases.run_id,
    cases.case_id,
    cases.contract_id,
    cases.delivery_month,
    cases.package_hash
from {{ ref('stg_pricing_case') }} as cases
where {{ priced_now('cases') }}

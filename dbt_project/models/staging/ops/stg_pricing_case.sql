{{ config(materialized='view', tags=['pricing']) }}

select
    cases.run_id,
    cases.case_id,
    cases.contract_id,
    cases.delivery_month,
    cases.package_hash
from {{ source('ops', 'pricing_case') }} as cases

{{ config(materialized='view', tags=['pricing']) }}

select
    inputs.run_id,
    inputs.case_id,
    inputs.name,
    inputs.period,
    inputs.account_id,
    inputs.value,
    inputs.origin
from {{ source('ops', 'pricing_input') }} as inputs

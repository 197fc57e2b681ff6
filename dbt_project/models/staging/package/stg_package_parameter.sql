{{ config(materialized='view', tags=['pricing']) }}

select
    parameters.package_hash,
    parameters.component_no,
    parameters.name,
    parameters.period,
    parameters.value
from {{ source('reference', 'package_parameter') }} as parameters

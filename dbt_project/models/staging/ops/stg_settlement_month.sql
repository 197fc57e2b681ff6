{{ config(materialized='view') }}

select
    months.province,
    months.delivery_month
from {{ source('ops', 'settlement_month') }} as months

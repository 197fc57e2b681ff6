{{ config(materialized='view') }}

-- the days of a contract on which at least one of its points was metered
select
    days.province,
    days.contract_id,
    days.delivery_on,
    {{ curve_columns('days') }}
from {{ ref('int_contract_day') }} as days
where days.metering_points > 0

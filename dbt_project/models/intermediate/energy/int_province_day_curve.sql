{{ config(materialized='view') }}

-- the days of a province on which at least one of its points was metered
select
    days.province,
    days.delivery_on,
    days.missing_slots,
    {{ curve_columns('days') }}
from {{ ref('int_province_day') }} as days
where days.metering_points > 0

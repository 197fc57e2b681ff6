{{ config(materialized='view') }}

select
    points.metering_point_id,
    points.account_id,
    points.customer_id,
    points.contract_id,
    points.province,
    points.delivery_on,
    points.energy_wh,
    {%- for period in tou_periods() %}
        points.{{ period }}_wh,
    {%- endfor %}
    points.missing_slots,
    points.quality,
    points.trust,
    points.estimated_slots,
    points.version,
    points.is_export_netted
from {{ ref('int_point_day_energy') }} as points

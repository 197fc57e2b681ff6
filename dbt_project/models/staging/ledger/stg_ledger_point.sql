{{ config(materialized='view') }}

select
    points.run_id,
    runs.province,
    runs.origin_month,
    points.contract_id,
    points.account_id,
    points.metering_point_id,
    points.meter_ids,
    points.from_on,
    points.to_on,
    points.days,
    points.energy_mwh
from {{ source('ledger', 'settlement_point') }} as points
inner join {{ ref('stg_ledger_run') }} as runs on points.run_id = runs.run_id

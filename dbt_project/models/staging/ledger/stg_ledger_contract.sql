{{ config(materialized='view') }}

select
    contracts.run_id,
    runs.province,
    runs.kind,
    runs.origin_month,
    contracts.contract_id,
    contracts.customer_id,
    contracts.customer_name,
    contracts.customer_name_en,
    contracts.package_type,
    contracts.energy_wh
from {{ source('ledger', 'settlement_contract') }} as contracts
inner join {{ ref('stg_ledger_run') }} as runs on contracts.run_id = runs.run_id

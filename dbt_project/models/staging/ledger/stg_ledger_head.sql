{{ config(materialized='view') }}

select
    heads.run_id,
    runs.province,
    runs.origin_month,
    heads.contract_id,
    heads.customer_id,
    heads.customer_name,
    heads.customer_name_en,
    heads.effective_from,
    heads.effective_to,
    heads.package_type,
    heads.version_no,
    heads.package_id,
    heads.package_version,
    heads.package_hash,
    heads.package_title_zh,
    heads.package_title_en,
    heads.settles_by,
    heads.channel_id,
    heads.channel_name,
    heads.channel_name_en,
    heads.market_mean_cny_per_mwh,
    heads.market_mean_source
from {{ source('ledger', 'settlement_head') }} as heads
inner join {{ ref('stg_ledger_run') }} as runs on heads.run_id = runs.run_id

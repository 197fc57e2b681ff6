{{ config(materialized='view') }}

select
    packs.pack_hash,
    packs.province,
    packs.body ->> 'province_name' as province_name,
    packs.pack_version,
    packs.effective_from as pack_effective_from
from {{ source('reference', 'rule_pack') }} as packs

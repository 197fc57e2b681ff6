{{ config(materialized='view') }}

-- what a pack says about corrections (domain §4.5); NULL where it says nothing, which blocks corrections by name
select
    packs.pack_hash,
    packs.province,
    packs.pack_version,
    packs.effective_from as pack_effective_from,
    packs.body #>> '{settlement,correction_method,value}' as correction_method,
    cast(packs.body #>> '{settlement,correction_reach_months,value}' as integer) as correction_reach_months,
    cast(packs.body #>> '{settlement,retrace_below_rate,value}' as numeric) as retrace_below_rate
from {{ source('reference', 'rule_pack') }} as packs

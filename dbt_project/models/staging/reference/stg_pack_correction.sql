{{ config(materialized='view') }}

-- what a pack says about corrections (domain §4.5); NULL where it says nothing, which blocks corrections by name
select
    packs.pack_hash,
    packs.province,
    packs.pack_version,
    packs.effective_from as pack_effective_from,
    {{ pack_value('packs', 'settlement.correction_method', 'text') }} as correction_method,
    {{ pack_value('packs', 'settlement.correction_reach_months', 'integer') }} as correction_reach_months,
    {{ pack_value('packs', 'settlement.retrace_below_rate', 'numeric') }} as retrace_below_rate
from {{ source('reference', 'rule_pack') }} as packs

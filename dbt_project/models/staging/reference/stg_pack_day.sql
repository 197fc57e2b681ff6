{{ config(materialized='view') }}

select
    days.province,
    days.delivery_on,
    packs.pack_hash,
    packs.pack_version,
    packs.effective_from as pack_effective_from,
    packs.status = 'illustrative'
    or packs.illustrative_items && array['settlement.form', 'settlement.reference_point', 'settlement.vat_rate']
        as is_illustrative,
    packs.settlement_form,
    packs.reference_point,
    packs.vat_rate,
    packs.mid_month_change,
    packs.granularity,
    packs.month_end_meter_difference,
    packs.suspended_price,
    packs.balance_energy_price,
    packs.deviation_bands,
    array_to_string(packs.required_items, ',') as required_items,
    packs.body #>> '{settlement,purchase_cost_basis,value}' as purchase_cost_basis
from {{ source('reference', 'pack_day') }} as days
inner join {{ source('reference', 'rule_pack') }} as packs on days.pack_hash = packs.pack_hash

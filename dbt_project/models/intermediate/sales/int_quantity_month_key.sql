-- contract-months that can be laid on days, with the digest of all that this depends on
select
    months.contract_id,
    months.delivery_month,
    months.pattern_id,
    months.effective_mwh * 1000 as quantity_kwh,
    {{ digest(['months.pattern_id', 'months.effective_mwh', 'patterns.pattern_digest']) }} as input_digest
from {{ ref('int_contract_quantity_month') }} as months
inner join {{ ref('int_quantity_pattern') }} as patterns on months.pattern_id = patterns.pattern_id
where
    months.effective_mwh is not null
    and patterns.missing_code is null

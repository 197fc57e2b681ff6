select
    agreed.contract_id,
    agreed.delivery_year,
    agreed.annual_mwh,
    sum(agreed.base_mwh) as base_mwh
from {{ ref('int_quantity_agreed') }} as agreed
where agreed.pattern_id is not null
group by agreed.contract_id, agreed.delivery_year, agreed.annual_mwh
having
    count(agreed.base_mwh) not in (0, count(*))
    or sum(agreed.base_mwh) <> agreed.annual_mwh

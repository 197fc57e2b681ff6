-- the inputs that the package of each contract-month reads
select distinct
    cases.contract_id,
    cases.delivery_month,
    parts.name
from {{ ref('int_retail_case') }} as cases
inner join {{ ref('int_retail_component') }} as components on cases.terms_id = components.terms_id
cross join
    lateral unnest(string_to_array(components.names, ','), string_to_array(components.origins, ',')) as parts (name, origin)
where parts.origin = 'input'

{{ config(materialized='view', tags=['pricing']) }}
-- lists as texts, because dbt's unit tests know no arrays

select
    components.package_hash,
    components.component_no,
    components.component_id,
    components.kind,
    components.title_zh,
    components.title_en,
    components.stage,
    components.level,
    components.grain,
    components.driver,
    components.sums_periods,
    components.share,
    array_to_string(components.covers, ',') as covers,
    components.formula_hash,
    formulas.formula,
    formulas.result,
    array_to_string(formulas.names, ',') as names,
    array_to_string(formulas.origins, ',') as origins,
    formulas.sql_expression
from {{ source('reference', 'package_component') }} as components
inner join {{ source('reference', 'package_formula') }} as formulas on components.formula_hash = formulas.formula_hash

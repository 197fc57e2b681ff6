{{ config(materialized='view', tags=['pricing']) }}

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
    components.covers,
    components.formula_hash,
    formulas.formula,
    formulas.result,
    formulas.names,
    formulas.origins,
    formulas.sql_expression
from {{ source('reference', 'package_component') }} as components
inner join {{ source('reference', 'package_formula') }} as formulas on components.formula_hash = formulas.formula_hash

{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='run_id',
        on_schema_change='append_new_columns',
        tags=['pricing'],
    )
}}

select
    lines.run_id,
    lines.case_id,
    cases.contract_id,
    cases.delivery_month,
    packages.package_id,
    packages.package_version,
    cases.package_hash,
    lines.component_no,
    components.component_id,
    components.kind,
    components.title_zh,
    components.title_en,
    lines.stage,
    components.level,
    lines.line_period,
    lines.energy_mwh as quantity_mwh,
    lines.price_cny_per_mwh,
    lines.factor,
    lines.amount_cny,
    components.formula,
    lines.inputs,
    lines.missing
from {{ ref('int_pricing_line') }} as lines
inner join {{ ref('int_pricing_case') }} as cases
    on
        lines.run_id = cases.run_id
        and lines.case_id = cases.case_id
inner join {{ ref('stg_package') }} as packages on cases.package_hash = packages.package_hash
inner join {{ ref('stg_package_component') }} as components
    on
        cases.package_hash = components.package_hash
        and lines.component_no = components.component_no

{{ config(pre_hook='{{ linear_joins() }}') }}
-- Every component of every contract-month under a package, in one pass, by the formulas that price requests (macros/pricing.sql).
-- depends_on: {{ ref('int_retail_case') }}, {{ ref('int_retail_package_quantity') }}, {{ ref('int_retail_input') }}
-- depends_on: {{ ref('int_retail_component') }}, {{ ref('int_retail_parameter') }}
{{ pricing_lines(settled_pricing()) }}

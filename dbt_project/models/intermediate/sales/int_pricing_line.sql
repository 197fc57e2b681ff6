{{ config(tags=['pricing'], pre_hook='{{ linear_joins() }}') }}
-- Every line of every case in one pass: a branch for each distinct formula, a step for each level (macros/pricing.sql).
-- A derived price is rounded to 3 decimals before it multiplies, an amount once per line to the fen, half up.
-- depends_on: {{ ref('int_pricing_case') }}, {{ ref('int_pricing_quantity') }}, {{ ref('stg_pricing_input') }}
-- depends_on: {{ ref('stg_package_component') }}, {{ ref('stg_package_parameter') }}
{{ pricing_lines(requested_pricing()) }}

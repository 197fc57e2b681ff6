{{ config(pre_hook='{{ linear_joins() }}') }}
-- The energy of each line to come of the contract-months under packages, by account (macros/pricing.sql).
-- depends_on: {{ ref('int_retail_case') }}, {{ ref('int_retail_component') }}, {{ ref('int_retail_input') }}
{{ pricing_quantities(settled_pricing()) }}

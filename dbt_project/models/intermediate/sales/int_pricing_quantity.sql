{{ config(tags=['pricing'], pre_hook='{{ linear_joins() }}') }}
-- The energy of each line to come of the requested cases, by account (macros/pricing.sql).
-- depends_on: {{ ref('int_pricing_case') }}, {{ ref('stg_package_component') }}, {{ ref('stg_pricing_input') }}
{{ pricing_quantities(requested_pricing()) }}

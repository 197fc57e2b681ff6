{{ config(materialized='view') }}

-- what the curve of a contract-day is the sum of
{{ contract_day_key(ref('int_point_day_energy')) }}

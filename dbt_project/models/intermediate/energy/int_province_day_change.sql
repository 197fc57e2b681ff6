{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
    )
}}

-- What recomputed contract-days changed in the sum of their province-day, so that it need not be added up again. Empty when
-- made: int_contract_day writes it, in the transaction of its own rows (macros/change.sql).
select
    cast(null as bigint) as seen_from,
    cast(null as bigint) as seen_to,
    cast(null as text) as province,
    cast(null as date) as delivery_on,
    cast(null as bigint) as unknown_slots,
    cast(null as bigint) as contracts,
    cast(null as bigint) as metering_points_expected,
    cast(null as bigint) as metering_points,
    cast(null as bigint) as missing_slots,
    cast(null as numeric) as hash_0,
    cast(null as numeric) as hash_1,
    {{ curve_unknown() }}
where false

{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}],
        pre_hook="{{ delete_stale(ref('int_province_day_key'), ['delivery_on', 'province']) }}",
    )
}}

-- the retailer's actual net curve of a day: the same points that retail is billed on
with changed as (
    select keys.*
    from {{ ref('int_province_day_key') }} as keys
    where {{ not_stored('keys', ['delivery_on', 'province']) }}
),

-- added up before the join, so that the sums can be shared among workers and nothing is sorted
curves as (
    select
        contracts.province,
        contracts.delivery_on,
        {{ curve_total('contracts') }}
    from {{ ref('int_contract_day_curve') }} as contracts
    where contracts.delivery_on = any(array(select changed.delivery_on from changed))
    group by contracts.province, contracts.delivery_on
)

select
    changed.province,
    changed.delivery_on,
    changed.missing_slots,
    changed.input_digest,
    {{ curve_columns('curves') }}
from changed
inner join curves
    on
        changed.delivery_on = curves.delivery_on
        and changed.province = curves.province

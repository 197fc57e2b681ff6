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
)

select
    changed.province,
    changed.delivery_on,
    changed.missing_slots,
    changed.input_digest,
    {{ curve_total('contracts') }}
from changed
inner join {{ ref('int_contract_day_curve') }} as contracts
    on
        changed.delivery_on = contracts.delivery_on
        and changed.province = contracts.province
group by changed.province, changed.delivery_on, changed.missing_slots, changed.input_digest

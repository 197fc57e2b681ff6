{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'contract_id'], 'unique': True}],
        pre_hook="{{ delete_stale(ref('int_contract_day_key'), ['delivery_on', 'contract_id']) }}",
    )
}}

-- net curve of a contract: the sum of its points; a slot is NULL only when no point has it (gaps block settlement)
with changed as (
    select keys.*
    from {{ ref('int_contract_day_key') }} as keys
    where {{ not_stored('keys', ['delivery_on', 'contract_id']) }}
)

select
    changed.province,
    changed.contract_id,
    changed.delivery_on,
    changed.input_digest,
    {{ curve_total('net') }}
from changed
inner join {{ ref('int_point_day_energy') }} as points
    on
        changed.delivery_on = points.delivery_on
        and changed.contract_id = points.contract_id
inner join {{ ref('int_point_day_net') }} as net
    on
        points.delivery_on = net.delivery_on
        and points.metering_point_id = net.metering_point_id
group by changed.province, changed.contract_id, changed.delivery_on, changed.input_digest

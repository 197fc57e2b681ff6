{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'contract_id'], 'unique': True}],
        pre_hook=[
            "{{ linear_joins() }}",
            "{{ delete_stale(ref('int_contract_day_key'), ['delivery_on', 'contract_id']) }}",
        ],
        post_hook='analyze {{ this }} (delivery_on, contract_id, province)',
    )
}}

-- net curve of a contract: the sum of its points; a slot is NULL only when no point has it (gaps block settlement)
with changed as (
    select keys.*
    from {{ ref('int_contract_day_key') }} as keys
    where {{ not_stored('keys', ['delivery_on', 'contract_id']) }}
),

-- its own step, so that only the curves of these points are read
members as (
    select
        changed.*,
        points.metering_point_id
    from changed
    inner join {{ ref('int_point_day_energy') }} as points
        on
            changed.delivery_on = points.delivery_on
            and changed.contract_id = points.contract_id
)

select
    members.province,
    members.contract_id,
    members.delivery_on,
    members.input_digest,
    {{ curve_total('net') }}
from members
inner join {{ ref('int_point_day_net') }} as net
    on
        members.delivery_on = net.delivery_on
        and members.metering_point_id = net.metering_point_id
{%- if is_incremental() %}
    where {{ among('net', 'members', ['delivery_on', 'metering_point_id']) }}
{%- endif %}
group by members.province, members.contract_id, members.delivery_on, members.input_digest

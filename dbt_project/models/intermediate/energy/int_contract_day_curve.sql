{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'contract_id'], 'unique': True}],
        pre_hook="{{ make_room_with_change(
            ref('int_contract_day_key'), contract_day_news, ['delivery_on', 'contract_id'], ref('int_contract_day_key'),
            ref('int_province_day_change')
        ) }}",
        post_hook="{{ write_what_came(
            ref('int_contract_day_key'), ['delivery_on', 'contract_id'], ref('int_province_day_change')
        ) }} {{ keep_progress(ref('int_contract_day_key'), 'delivery_on, contract_id, province') }}",
    )
}}

-- net curve of a contract: the sum of its points; a slot is NULL only when no point has it (gaps block settlement)
-- depends_on: {{ ref('stg_meter_day_reign') }} {{ ref('int_point_day_key') }} {{ ref('int_province_day_change') }}
with changed as (
    select keys.*
    from {{ ref('int_contract_day_key') }} as keys
    {{ news_or_absent('keys', ref('int_contract_day_key'), ['delivery_on', 'contract_id']) }}
),

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
group by members.province, members.contract_id, members.delivery_on, members.input_digest

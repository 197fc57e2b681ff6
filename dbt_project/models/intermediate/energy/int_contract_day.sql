{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'contract_id'], 'unique': True}],
        pre_hook="{{ make_room_with_change(
            ref('int_point_day_energy'), contract_day_news, ['delivery_on', 'contract_id'], ref('int_contract_day_key'),
            ref('int_province_day_change')
        ) }}",
        post_hook="{{ write_what_came(
            ref('int_point_day_energy'), ['delivery_on', 'contract_id'], ref('int_province_day_change')
        ) }} {{ keep_progress(ref('int_point_day_energy'), 'delivery_on, contract_id, province') }}",
    )
}}

-- Net curve of a contract's day: the sum of its points; a slot is NULL only when no point has it (gaps block settlement).
-- Without a single metered point all slots are: the day is here, for its points are expected.
-- depends_on: {{ ref('stg_meter_day_reign') }} {{ ref('int_province_day_change') }}
{%- set seen = known_until(progress_of(ref('int_point_day_energy'))) %}
with members as (
    select
        points.province,
        points.contract_id,
        points.delivery_on,
        points.metering_point_id,
        points.assignment_status,
        points.version,
        points.missing_slots,
        points.is_export_netted,
        points.input_digest
    from {{ ref('int_point_day_energy') }} as points
    {{ news_or_absent('points', seen, ['delivery_on', 'contract_id']) }}
),

keys as (
    {{ contract_day_key('members') }}
),

net as (
    select
        members.contract_id,
        members.delivery_on,
        {{ curve_net('imported', 'exported', 'members.is_export_netted') }}
    from members
    {{ metered_channels('members', 'members.is_export_netted', few=seen is not none) }}
    where members.assignment_status = 'assigned'
),

totals as (
    select
        net.contract_id,
        net.delivery_on,
        {{ curve_total('net') }}
    from net
    group by net.contract_id, net.delivery_on
)

select
    keys.province,
    keys.contract_id,
    keys.delivery_on,
    keys.metering_points_expected,
    keys.metering_points,
    keys.missing_slots,
    keys.input_digest,
    {{ curve_columns('totals') }}
from keys
inner join totals
    on
        keys.delivery_on = totals.delivery_on
        and keys.contract_id = totals.contract_id

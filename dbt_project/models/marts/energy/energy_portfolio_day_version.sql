{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'province', 'known_at'], 'unique': True}],
        pre_hook="{{ delete_stale(ref('int_province_day'), ['delivery_on', 'province']) }}",
    )
}}

-- What the portfolio was known to be, from each moment at which a member point-day changed. A version of a meter-day adds
-- its curve when it begins to reign (by the order of trust, see stg_meter_day_reign) and takes it away when another takes
-- over. The members are those of the head: a contract that was delivered late counts from the first metering on, not from
-- its own known_at.
with changed as (
    select keys.*
    from {{ ref('int_province_day') }} as keys
    where {{ not_stored('keys', ['delivery_on', 'province']) }}
),

versions as (
    select
        changed.province,
        versions.*,
        reigns.known_from,
        reigns.known_to,
        case versions.channel when 'active_import' then 1 else -1 end as sign
    from changed
    inner join {{ ref('int_point_day_energy') }} as points
        on
            changed.delivery_on = points.delivery_on
            and changed.province = points.province
    inner join {{ ref('stg_meter_day_reign') }} as reigns
        on
            points.delivery_on = reigns.delivery_on
            and points.metering_point_id = reigns.metering_point_id
            and (reigns.channel = 'active_import' or points.is_export_netted)
            and reigns.trust > 0
    inner join {{ ref('stg_meter_day_version') }} as versions
        on
            reigns.delivery_on = versions.delivery_on
            and reigns.metering_point_id = versions.metering_point_id
            and reigns.channel = versions.channel
            and reigns.version = versions.version
    where points.assignment_status = 'assigned'
),

events as (
    select
        versions.*,
        versions.known_from as happened_at,
        versions.sign as effect,
        1 as presence
    from versions

    union all

    select
        versions.*,
        versions.known_to as happened_at,
        -versions.sign as effect,
        -1 as presence
    from versions
    where versions.known_to is not null
),

moments as (
    select
        events.province,
        events.delivery_on,
        events.happened_at,
        sum(case events.channel when 'active_import' then events.effect else 0 end) as metering_points,
        {{ curve_weighted_total('events', 'events.effect', 'events.presence') }}
    from events
    group by events.province, events.delivery_on, events.happened_at
)

select
    moments.province,
    moments.delivery_on,
    moments.happened_at as known_at,
    cast(sum(moments.metering_points) over known as integer) as metering_points,
    cast(changed.metering_points_expected as integer) as metering_points_expected,
    {{ curve_running_total('moments', 'known') }},
    changed.input_digest
from moments
inner join changed
    on
        moments.delivery_on = changed.delivery_on
        and moments.province = changed.province
window known as (partition by moments.province, moments.delivery_on order by moments.happened_at)

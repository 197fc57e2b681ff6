{{ config(materialized='view') }}

-- as of a moment T: known_from <= T and (known_to > T or known_to is null)
with estimated as (
    select
        flags.metering_point_id,
        flags.channel,
        flags.delivery_on,
        flags.version,
        cast(count(distinct flags.slot) as integer) as estimated_slots
    from {{ ref('stg_meter_slot_flag') }} as flags
    where flags.is_estimated
    group by flags.metering_point_id, flags.channel, flags.delivery_on, flags.version
)

select
    reigns.metering_point_id,
    reigns.channel,
    reigns.delivery_on,
    reigns.version,
    reigns.known_from,
    reigns.known_to,
    reigns.quality,
    reigns.trust,
    case when {{ curve_missing('versions') }} < 96 then {{ curve_sum('versions') }} end as energy_wh,
    {{ curve_missing('versions') }} as missing_slots,
    coalesce(estimated.estimated_slots, 0) as estimated_slots,
    versions.source,
    versions.file_name
from {{ ref('stg_meter_day_reign') }} as reigns
inner join {{ ref('stg_meter_day_version') }} as versions
    on
        reigns.metering_point_id = versions.metering_point_id
        and reigns.channel = versions.channel
        and reigns.delivery_on = versions.delivery_on
        and reigns.version = versions.version
left join estimated
    on
        reigns.metering_point_id = estimated.metering_point_id
        and reigns.channel = estimated.channel
        and reigns.delivery_on = estimated.delivery_on
        and reigns.version = estimated.version
where reigns.trust > 0

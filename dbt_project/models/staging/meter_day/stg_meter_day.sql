{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[
            {'columns': ['delivery_on', 'metering_point_id', 'channel'], 'unique': True},
            {'columns': ['seen_batch_seq']},
        ],
        post_hook="{{ analyze_grown('delivery_on, metering_point_id, channel, seen_batch_seq') }}",
        pre_hook="{{ make_room_for_meter_days(late_heads) }}",
    )
}}

-- depends_on: {{ ref('stg_run') }}
-- The version that reigns now. A key whose only version is a withdrawn edit has none.
with fresh as (
    select reigns.*
    from {{ staged_news() if is_incremental() else ref('stg_meter_day_reign') }} as reigns
    where
        reigns.known_to is null
        and reigns.trust > 0
),

estimated as (
    select
        flags.metering_point_id,
        flags.channel,
        flags.delivery_on,
        flags.version,
        cast(count(distinct flags.slot) as integer) as estimated_slots
    from {{ ref('stg_meter_slot_flag') }} as flags
    inner join fresh
        on
            flags.metering_point_id = fresh.metering_point_id
            and flags.channel = fresh.channel
            and flags.delivery_on = fresh.delivery_on
            and flags.version = fresh.version
    where flags.is_estimated
    group by flags.metering_point_id, flags.channel, flags.delivery_on, flags.version
)

select
    versions.metering_point_id,
    versions.channel,
    versions.delivery_on,
    fresh.quality,
    fresh.trust,
    coalesce(estimated.estimated_slots, 0) as estimated_slots,
    {{ curve_columns('versions') }},
    {{ curve_missing('versions') }} as missing_slots,
    {{ provenance('versions') }},
    fresh.known_from as reigning_since,
    fresh.seen_batch_seq
from {{ ref('stg_meter_day_version') }} as versions
inner join fresh
    on
        {{ same_meter_day('versions', 'fresh') }}
        and versions.version = fresh.version
left join estimated
    on
        {{ same_meter_day('versions', 'estimated') }}
        and versions.version = estimated.version
{%- if is_incremental() %}
    where {{ among('versions', 'fresh', ['metering_point_id', 'delivery_on']) }}
{%- endif %}

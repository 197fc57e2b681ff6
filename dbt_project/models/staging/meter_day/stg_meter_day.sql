{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['delivery_on', 'metering_point_id', 'channel'],
        on_schema_change='fail',
        indexes=[
            {'columns': ['delivery_on', 'metering_point_id', 'channel'], 'unique': True},
            {'columns': ['batch_seq']},
        ],
        post_hook='analyze {{ this }} (delivery_on, metering_point_id, channel, batch_seq)',
        pre_hook="{% if is_incremental() %}
            delete from {{ this }}
            where (select max(batch_seq) from {{ this }}) > (select through_batch_seq from {{ ref('stg_run') }})
            {% endif %}",
    )
}}

-- depends_on: {{ ref('stg_run') }}
-- A new version always comes in a later batch, so the latest version of a changed key is among the new rows.
-- When a run reads at an earlier cut than the stored one, the pre-hook empties the table and it is rebuilt.
with fresh as (
    select
        versions.metering_point_id,
        versions.channel,
        versions.delivery_on,
        versions.version
    from {{ ref('stg_meter_day_version') }} as versions
    {% if is_incremental() %}
        where versions.batch_seq > (select coalesce(max(stored.batch_seq), 0) from {{ this }} as stored)
    {% endif %}
),

latest as (
    select
        fresh.metering_point_id,
        fresh.channel,
        fresh.delivery_on,
        max(fresh.version) as version
    from fresh
    group by fresh.metering_point_id, fresh.channel, fresh.delivery_on
)

select
    versions.metering_point_id,
    versions.channel,
    versions.delivery_on,
    versions.quality,
    {{ curve_columns('versions') }},
    {{ curve_missing('versions') }} as missing_slots,
    {{ provenance('versions') }}
from {{ ref('stg_meter_day_version') }} as versions
inner join latest
    on
        versions.metering_point_id = latest.metering_point_id
        and versions.channel = latest.channel
        and versions.delivery_on = latest.delivery_on
        and versions.version = latest.version

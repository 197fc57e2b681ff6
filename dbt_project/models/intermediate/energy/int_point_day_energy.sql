{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[
            {'columns': ['delivery_on', 'metering_point_id'], 'unique': True},
            {'columns': ['contract_id', 'delivery_on']},
        ],
        pre_hook="{{ make_room(
            known_until(progress_of(ref('int_point_day_assignment'))), point_day_news, ['delivery_on', 'metering_point_id'],
            ref('int_point_day_key')
        ) }}",
        post_hook="{{ keep_progress(ref('int_point_day_assignment')) }}",
    )
}}

-- depends_on: {{ ref('stg_meter_day_reign') }}
{%- set seen = known_until(progress_of(ref('int_point_day_assignment'))) %}
with measured as (
    -- the inner WITH keeps PostgreSQL from writing the sums of 96 slots out again wherever they are named below
    with changed as (
        select keys.*
        from {{ ref('int_point_day_key') }} as keys
        {{ news_or_absent('keys', seen, ['delivery_on', 'metering_point_id']) }}
    )

    select
        changed.*,
        {{ curve_missing('changed') }} as missing_slots,
        {{ curve_sum('changed') }} as energy_wh,
        {{ curve_tou('changed', 'changed.tou_schedule_id') }}
    from changed
)

-- a day without a single slot has no energy (NULL), which is not 0
select
    measured.metering_point_id,
    measured.delivery_on,
    measured.account_id,
    measured.customer_id,
    measured.contract_id,
    measured.province,
    measured.assignment_status,
    case when measured.missing_slots < 96 then measured.import_wh end as import_wh,
    case when measured.missing_slots < 96 and measured.is_export_netted then measured.export_wh end as export_wh,
    case when measured.missing_slots < 96 then measured.energy_wh end as energy_wh,
    {%- for period in tou_periods() %}
        case when measured.missing_slots < 96 then measured.{{ period }}_wh end as {{ period }}_wh,
    {%- endfor %}
    measured.missing_slots,
    case
        when measured.missing_slots = 96 then 'missing'
        when 'failed' in (measured.import_quality, measured.export_quality) then 'failed'
        when 'estimated' in (measured.import_quality, measured.export_quality) then 'estimated'
        when 'edited' in (measured.import_quality, measured.export_quality) then 'edited'
        else 'metered'
    end as quality,
    measured.trust,
    coalesce(measured.estimated_slots, 0) as estimated_slots,
    measured.import_version as version,
    measured.export_version,
    measured.is_export_netted,
    measured.tou_schedule_id,
    coalesce(measured.is_tou_illustrative, false) as is_tou_illustrative,
    measured.input_digest
from measured

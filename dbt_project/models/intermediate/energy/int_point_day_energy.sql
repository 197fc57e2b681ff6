{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'metering_point_id'], 'unique': True}],
        post_hook='analyze {{ this }}',
        pre_hook="{{ delete_stale(ref('int_point_day_key'), ['delivery_on', 'metering_point_id']) }}",
    )
}}

with changed as (
    select keys.*
    from {{ ref('int_point_day_key') }} as keys
    where {{ not_stored('keys', ['delivery_on', 'metering_point_id']) }}
),

measured as (
    select
        net.metering_point_id,
        net.delivery_on,
        net.import_wh,
        net.export_wh,
        case when 'estimated' in (net.import_quality, net.export_quality) then 'estimated' else 'metered' end as quality,
        {{ curve_missing('net') }} as missing_slots,
        {{ curve_sum('net') }} as energy_wh,
        {{ curve_tou('net', 'changed.tou_schedule_id') }}
    from changed
    inner join {{ ref('int_point_day_net') }} as net
        on
            changed.delivery_on = net.delivery_on
            and changed.metering_point_id = net.metering_point_id
)

-- a day without a single slot has no energy (NULL), which is not 0
select
    changed.metering_point_id,
    changed.delivery_on,
    changed.account_id,
    changed.customer_id,
    changed.contract_id,
    changed.province,
    changed.assignment_status,
    measured.import_wh,
    case when changed.is_export_netted then measured.export_wh end as export_wh,
    measured.energy_wh,
    {%- for period in tou_periods() %}
        measured.{{ period }}_wh,
    {%- endfor %}
    coalesce(measured.missing_slots, 96) as missing_slots,
    coalesce(measured.quality, 'missing') as quality,
    changed.import_version as version,
    changed.export_version,
    changed.is_export_netted,
    changed.tou_schedule_id,
    coalesce(changed.is_tou_illustrative, false) as is_tou_illustrative,
    changed.input_digest
from changed
left join measured
    on
        changed.delivery_on = measured.delivery_on
        and changed.metering_point_id = measured.metering_point_id
        and measured.missing_slots < 96

{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'contract_id'], 'unique': True}],
        pre_hook="{{ make_room(ref('int_point_day_energy'), contract_day_news, ['delivery_on', 'contract_id']) }}",
        post_hook="{{ keep_progress(ref('int_point_day_energy')) }}",
    )
}}

-- what the curve of a contract-day is the sum of
-- depends_on: {{ ref('stg_meter_day_reign') }} {{ ref('int_point_day_key') }}
select
    points.province,
    points.contract_id,
    points.delivery_on,
    count(*) as metering_points_expected,
    count(points.version) as metering_points,
    sum(points.missing_slots) as missing_slots,
    md5(string_agg(points.metering_point_id || points.input_digest, '|' order by points.metering_point_id)) as input_digest
from {{ ref('int_point_day_energy') }} as points
{{ with_news('points', ref('int_point_day_energy'), ['delivery_on', 'contract_id']) }}
where points.assignment_status = 'assigned'
group by points.province, points.contract_id, points.delivery_on

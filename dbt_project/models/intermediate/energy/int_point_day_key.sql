{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'metering_point_id'], 'unique': True}],
        pre_hook="{{ make_room(ref('int_point_day_assignment'), point_day_news, ['delivery_on', 'metering_point_id']) }}",
        post_hook="{{ keep_progress(ref('int_point_day_assignment')) }}",
    )
}}

-- keys without curves: what each point-day is computed from, and the digest that tells whether it changed
-- depends_on: {{ ref('stg_meter_day_reign') }}
select
    assignment.metering_point_id,
    assignment.delivery_on,
    assignment.account_id,
    assignment.customer_id,
    assignment.contract_id,
    assignment.province,
    assignment.assignment_status,
    assignment.net_rule = 'import_minus_export' as is_export_netted,
    imported.version as import_version,
    exported.version as export_version,
    {{ account_schedule('tou', 'accounts') }} as tou_schedule_id,
    tou.is_illustrative as is_tou_illustrative,
    {{ digest([
        'assignment.account_id', 'assignment.customer_id', 'assignment.contract_id', 'assignment.province',
        'assignment.assignment_status', 'assignment.net_rule', account_schedule('tou', 'accounts'), 'tou.is_illustrative',
        'imported.version', 'imported.batch_seq', 'imported.trust', 'imported.reigning_since',
        'exported.version', 'exported.batch_seq', 'exported.trust', 'exported.reigning_since',
    ]) }} as input_digest
from {{ ref('int_point_day_assignment') }} as assignment
{{ with_news('assignment', ref('int_point_day_assignment'), ['delivery_on', 'metering_point_id']) }}
left join {{ ref('stg_meter_day') }} as imported
    on
        assignment.delivery_on = imported.delivery_on
        and assignment.metering_point_id = imported.metering_point_id
        and imported.channel = 'active_import'
left join {{ ref('stg_meter_day') }} as exported
    on
        assignment.delivery_on = exported.delivery_on
        and assignment.metering_point_id = exported.metering_point_id
        and exported.channel = 'active_export'
        -- NULL where exports do not count: then nothing is looked up
        and exported.channel = case when assignment.net_rule = 'import_minus_export' then 'active_export' end
left join {{ ref('stg_account') }} as accounts
    on
        assignment.account_id = accounts.account_id
        and assignment.delivery_on between accounts.effective_from and accounts.valid_to
left join {{ ref('stg_tou_day') }} as tou
    on
        assignment.province = tou.province
        and assignment.delivery_on = tou.delivery_on

{{ config(materialized='view') }}

-- what each point-day is computed from, the digest that tells whether it changed, and its net energy
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
    ]) }} as input_digest,
    {{ metered_net("assignment.net_rule = 'import_minus_export'") }}
from {{ ref('int_point_day_assignment') }} as assignment
{{ metered_channels('assignment', "assignment.net_rule = 'import_minus_export'") }}
left join {{ ref('stg_account') }} as accounts
    on
        assignment.account_id = accounts.account_id
        and assignment.delivery_on between accounts.effective_from and accounts.valid_to
left join {{ ref('stg_tou_day') }} as tou
    on
        assignment.province = tou.province
        and assignment.delivery_on = tou.delivery_on

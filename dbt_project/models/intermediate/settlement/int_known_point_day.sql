{{ config(materialized='view') }}

-- Point-days as a closed run knew them: within the run's cut the most trusted version of each channel, the latest of equals, and
-- its net energy. run_id NULL is what is known now. Contracts and schedules of the point-days are those known now. Ask for
-- one run and one contract: nothing is stored.
with keys as (
    select
        runs.run_id,
        runs.through_batch_seq,
        runs.province,
        keys.contract_id,
        keys.account_id,
        keys.metering_point_id,
        keys.delivery_on,
        keys.is_export_netted,
        keys.tou_schedule_id
    from {{ ref('stg_ledger_run') }} as runs
    inner join {{ ref('int_point_day_energy') }} as keys
        on
            runs.province = keys.province
            and runs.origin_month <= keys.delivery_on
            and runs.origin_month + interval '1 month' > keys.delivery_on
    where keys.assignment_status = 'assigned'
),

verdicts as (
    select
        keys.run_id,
        keys.contract_id,
        {{ meter_day_key('verdicts') }},
        verdicts.version,
        verdicts.verdict,
        row_number() over (
            partition by keys.run_id, keys.contract_id, {{ meter_day_key('verdicts') }}, verdicts.version
            order by verdicts.batch_seq desc
        ) as recency
    from keys
    inner join {{ ref('stg_meter_day_verdict') }} as verdicts
        on
            keys.metering_point_id = verdicts.metering_point_id
            and keys.delivery_on = verdicts.delivery_on
            and keys.through_batch_seq >= verdicts.batch_seq
),

trusted as (
    select
        keys.run_id,
        keys.contract_id,
        versions.*,
        {{ meter_day_trust('versions.quality', 'verdicts.verdict', curve_missing('versions')) }} as trust
    from keys
    inner join {{ ref('stg_meter_day_version') }} as versions
        on
            keys.metering_point_id = versions.metering_point_id
            and keys.delivery_on = versions.delivery_on
            and keys.through_batch_seq >= versions.batch_seq
    left join verdicts
        on
            keys.run_id = verdicts.run_id
            and keys.contract_id = verdicts.contract_id
            and {{ same_meter_day('versions', 'verdicts') }}
            and versions.version = verdicts.version
            and verdicts.recency = 1
),

ranked as (
    select
        trusted.*,
        row_number() over (
            partition by trusted.run_id, trusted.contract_id, {{ meter_day_key('trusted') }}
            order by trusted.trust desc, trusted.version desc
        ) as place
    from trusted
    where trusted.trust > 0
),

net as (
    select
        keys.run_id,
        keys.province,
        keys.contract_id,
        keys.account_id,
        keys.metering_point_id,
        keys.delivery_on,
        keys.tou_schedule_id,
        {{ trusted_quality('imported.trust') }} as quality,
        {%- for channel in ['imported', 'exported'] %}
            {{ channel }}.version as {{ channel }}_version,
            {{ channel }}.batch_seq as {{ channel }}_batch_seq,
            {{ channel }}.file_name as {{ channel }}_file_name,
            {{ channel }}.line_no as {{ channel }}_line_no,
        {%- endfor %}
        {{ curve_net('imported', 'exported', 'keys.is_export_netted') }}
    from keys
    left join ranked as imported
        on
            keys.run_id = imported.run_id
            and keys.contract_id = imported.contract_id
            and keys.metering_point_id = imported.metering_point_id
            and keys.delivery_on = imported.delivery_on
            and imported.channel = 'active_import'
            and imported.place = 1
    left join ranked as exported
        on
            keys.run_id = exported.run_id
            and keys.contract_id = exported.contract_id
            and keys.metering_point_id = exported.metering_point_id
            and keys.delivery_on = exported.delivery_on
            and exported.channel = 'active_export'
            and exported.place = 1
            and keys.is_export_netted
),

closed as (
    select
        net.*,
        periods.*
    from net
    -- by slots, not by the schedules that there were when this view was made
    cross join
        lateral (
            select
                {%- for period in tou_periods() %}
                    cast(sum(slots.wh) filter (where schedule.tou_period = '{{ period }}') as bigint) as {{ period }}_wh,
                {%- endfor %}
                cast(sum(slots.wh) as bigint) as energy_wh
            from {{ curve_rows(['net']) }} as slots (slot, wh)
            left join {{ ref('stg_tou_schedule_slot') }} as schedule
                on
                    net.tou_schedule_id = schedule.schedule_id
                    and slots.slot = schedule.slot
        ) as periods
)

{% set facts = ['province', 'contract_id', 'account_id', 'metering_point_id', 'delivery_on', 'quality'] -%}
{% set sources = ['version', 'batch_seq', 'file_name', 'line_no'] -%}
select
    closed.run_id,
    {%- for column in facts %}
        closed.{{ column }},
    {%- endfor %}
    {%- for period in tou_periods() %}
        closed.{{ period }}_wh,
    {%- endfor %}
    {%- for column in sources %}
        closed.imported_{{ column }},
        closed.exported_{{ column }},
    {%- endfor %}
    closed.energy_wh
from closed

union all

select
    cast(null as bigint) as run_id,
    {%- for column in facts %}
        days.{{ column }},
    {%- endfor %}
    {%- for period in tou_periods() %}
        days.{{ period }}_wh,
    {%- endfor %}
    {%- for column in sources %}
        imported.{{ column }} as imported_{{ column }},
        exported.{{ column }} as exported_{{ column }},
    {%- endfor %}
    days.energy_wh
from {{ ref('int_point_day_energy') }} as days
left join {{ ref('stg_meter_day') }} as imported
    on
        days.delivery_on = imported.delivery_on
        and days.metering_point_id = imported.metering_point_id
        and imported.channel = 'active_import'
left join {{ ref('stg_meter_day') }} as exported
    on
        days.delivery_on = exported.delivery_on
        and days.metering_point_id = exported.metering_point_id
        and exported.channel = 'active_export'
        and days.is_export_netted
where days.assignment_status = 'assigned'

{# Net energy by the point's rule: import, or import less export where `is_netted`, which is SQL over `keys`; these have
   metering_point_id and delivery_on. #}

{# The reigning versions of the channels that count. Where exports do not count the channel is NULL and none is looked up. `few`
   keys are each looked up by index; of many the exports are chosen first, for they are few. #}
{% macro metered_channels(keys, is_netted, few=false) -%}
    left join {{ ref('stg_meter_day') }} as imported
        on
            {{ keys }}.delivery_on = imported.delivery_on
            and {{ keys }}.metering_point_id = imported.metering_point_id
            and imported.channel = 'active_import'
    left join {{ ref('stg_meter_day') }} as exported
        on
            {{ keys }}.delivery_on = exported.delivery_on
            and {{ keys }}.metering_point_id = exported.metering_point_id
            {%- if not few %}
            and exported.channel = 'active_export'
            {%- endif %}
            and exported.channel = case when {{ is_netted }} then 'active_export' end
{%- endmacro %}

{# what they come to; without import there is nothing to net #}
{% macro metered_net(is_netted) -%}
    imported.quality as import_quality,
    exported.quality as export_quality,
    case when imported.trust is not null then least(imported.trust, exported.trust) end as trust,
    case
        when imported.trust is not null then greatest(imported.estimated_slots, exported.estimated_slots)
    end as estimated_slots,
    {{ curve_sum('imported') }} as import_wh,
    {{ curve_sum('exported') }} as export_wh,
    {{ curve_net('imported', 'exported', is_netted) }}
{%- endmacro %}

{# what the curve of a contract-day is the sum of, from its point-days #}
{% macro contract_day_key(points) -%}
    select
        points.province,
        points.contract_id,
        points.delivery_on,
        count(*) as metering_points_expected,
        count(points.version) as metering_points,
        sum(points.missing_slots) as missing_slots,
        md5(string_agg(points.metering_point_id || points.input_digest, '|' order by points.metering_point_id)) as input_digest
    from {{ points }} as points
    where points.assignment_status = 'assigned'
    group by points.province, points.contract_id, points.delivery_on
{%- endmacro %}

{# Net energy by the point's rule: import, or import less export. `keys` has metering_point_id, delivery_on and
   is_export_netted. #}

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

{{ config(materialized='view') }}

-- Net energy by the point's rule: import, or import less export. A slot missing in a channel that counts is missing.
select
    -- of the curves' own key, so that who asks for some of them reads only these
    imported.metering_point_id,
    imported.delivery_on,
    imported.quality as import_quality,
    exported.quality as export_quality,
    least(imported.trust, exported.trust) as trust,
    greatest(imported.estimated_slots, exported.estimated_slots) as estimated_slots,
    {{ curve_sum('imported') }} as import_wh,
    {{ curve_sum('exported') }} as export_wh,
    {{ curve_net('imported', 'exported', 'keys.is_export_netted') }}
from {{ ref('int_point_day_key') }} as keys
inner join {{ ref('stg_meter_day') }} as imported
    on
        keys.delivery_on = imported.delivery_on
        and keys.metering_point_id = imported.metering_point_id
        and imported.channel = 'active_import'
left join {{ ref('stg_meter_day') }} as exported
    on
        keys.delivery_on = exported.delivery_on
        and keys.metering_point_id = exported.metering_point_id
        and exported.channel = 'active_export'
        -- NULL where exports do not count: then nothing is looked up
        and exported.channel = case when keys.is_export_netted then 'active_export' end

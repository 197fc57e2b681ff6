{{ config(materialized='view') }}

-- Net energy of the point-days with import. A slot missing in a channel that counts is missing.
select
    -- of the curves' own key, so that who asks for some of them reads only these
    imported.metering_point_id,
    imported.delivery_on,
    {{ metered_net('points.is_export_netted') }}
from {{ ref('int_point_day_energy') }} as points
{{ metered_channels('points', 'points.is_export_netted') }}
where imported.metering_point_id is not null

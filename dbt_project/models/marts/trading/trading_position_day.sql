select
    positions.province,
    positions.delivery_on,
    {{ wh_to_mwh('positions.mlt_wh') }} as mlt_mwh,
    {{ wh_to_mwh('positions.day_ahead_wh') }} as day_ahead_mwh,
    {{ wh_to_mwh('positions.actual_wh') }} as actual_mwh,
    {{ wh_to_mwh('positions.deviation_wh') }} as deviation_mwh,
    round(cast(positions.deviation_wh as numeric) / nullif(positions.day_ahead_wh, 0), 6) as deviation_rate
from {{ ref('int_position_day') }} as positions

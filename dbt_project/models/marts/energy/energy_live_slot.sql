{{ config(materialized='view') }}

-- Today's curve, straight from live registers where they landed: past the run's cut, and through dbt's own runs.
select
    slots.metering_point_id,
    slots.channel,
    slots.delivery_on,
    cast(slots.slot as integer) as slot,
    cast(slots.delivery_on as timestamp) + (slots.slot - 1) * interval '15 minutes' as slot_start_at,
    lpad(cast(slots.slot / 4 as text), 2, '0') || ':' || lpad(cast(slots.slot % 4 * 15 as text), 2, '0') as slot_label,
    cast(slots.energy_wh as bigint) as energy_wh,
    slots.slot_status,
    slots.slot_status = 'interpolated' as is_interpolated,
    slots.last_read_at
from ({{ live_slots() }}) as slots

{{ config(materialized='view') }}

-- A contract's day in 96 slots, long form for charts; it reads a relation that dbt never drops in a normal run.
with days as (
    select
        hours.contract_id,
        hours.delivery_on,
        hours.day_type,
        {{ hours_to_slots('hours') }}
    from {{ ref('sales_quantity_day') }} as hours
)

select
    days.contract_id,
    days.delivery_on,
    days.day_type,
    cast(slots.slot as integer) as slot,
    cast(days.delivery_on as timestamp) + (slots.slot - 1) * interval '15 minutes' as slot_start_at,
    {{ slot_label('slots.slot') }} as slot_label,
    cast(slots.quantity_wh * 0.000001 as numeric(16, 6)) as quantity_mwh
from days
cross join lateral {{ curve_rows(['days']) }} as slots (slot, quantity_wh)

{{ config(materialized='view') }}

select
    points.province,
    points.customer_id,
    points.delivery_on,
    cast(points.slot as integer) as slot,
    cast(points.delivery_on as timestamp) + (points.slot - 1) * interval '15 minutes' as slot_start_at,
    lpad(cast(points.slot / 4 as text), 2, '0') || ':' || lpad(cast(points.slot % 4 * 15 as text), 2, '0') as slot_label,
    cast(case when count(points.net_wh) = count(*) then sum(points.net_wh) end as bigint) as net_wh,
    cast(sum(points.net_wh) as bigint) as known_net_wh,
    cast(count(*) as integer) as live_points,
    cast(count(points.net_wh) as integer) as known_points,
    cast(count(*) filter (where points.net_wh is null and points.is_awaited) as integer) as awaited_points
from ({{ live_net_slots() }}) as points
group by points.province, points.customer_id, points.delivery_on, points.slot

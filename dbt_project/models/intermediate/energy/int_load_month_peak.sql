-- Simultaneity of a group: its highest quarter hour over the sum of its members' own highest ones, on the days on which
-- the group is complete.
with shared as (
    select
        grouped.province,
        grouped.group_kind,
        grouped.group_id,
        grouped.delivery_month,
        members.customer_id,
        max(grouped.max_slot_wh) as group_max_slot_wh,
        max(customers.max_slot_wh) as own_max_slot_wh
    from {{ ref('int_group_day_curve') }} as grouped
    inner join {{ ref('int_customer_group') }} as members
        on
            grouped.group_kind = members.group_kind
            and grouped.group_id = members.group_id
    inner join {{ ref('int_customer_day_curve') }} as customers
        on
            grouped.province = customers.province
            and grouped.delivery_on = customers.delivery_on
            and members.customer_id = customers.customer_id
    where grouped.missing_slots = 0
    group by grouped.province, grouped.group_kind, grouped.group_id, grouped.delivery_month, members.customer_id
)

select
    shared.province,
    shared.group_kind as subject_kind,
    shared.group_id as subject_id,
    shared.delivery_month,
    cast(count(*) as integer) as customers,
    max(shared.group_max_slot_wh) as group_max_slot_wh,
    cast(sum(shared.own_max_slot_wh) as bigint) as own_max_slot_wh
from shared
group by shared.province, shared.group_kind, shared.group_id, shared.delivery_month

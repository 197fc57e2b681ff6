{{ config(materialized='view') }}

-- Live slots of the points under exactly one contract that day, net by the point's rule, per customer and in all.
with points as (
    select
        dated.metering_point_id,
        dated.account_id,
        dated.net_rule,
        dated.effective_from,
        {{ valid_to('dated', 'metering_point_id') }} as valid_to
    from ({{ landed_head('metering_point', ['metering_point_id', 'effective_from']) }}) as dated
),

slots as (
    select
        live.metering_point_id,
        live.delivery_on,
        live.slot,
        points.account_id,
        max(case live.channel when 'active_import' then live.energy_wh end)
        - case points.net_rule
            when 'import_minus_export' then max(case live.channel when 'active_export' then live.energy_wh end) else 0
        end as net_wh,
        bool_or(live.slot_status = 'awaited') as is_awaited
    from ({{ live_slots() }}) as live
    inner join points
        on
            live.metering_point_id = points.metering_point_id
            and live.delivery_on between points.effective_from and points.valid_to
    where live.channel in ('active_import', 'active_export')
    group by live.metering_point_id, live.delivery_on, live.slot, points.account_id, points.net_rule
),

account_days as (
    select
        slots.account_id,
        slots.delivery_on
    from slots
    group by slots.account_id, slots.delivery_on
),

contract_days as (
    select
        days.account_id,
        days.delivery_on,
        min(contracts.province) as province,
        min(contracts.customer_id) as customer_id
    from account_days as days
    inner join ({{ landed_head('contract_account', ['contract_id', 'account_id', 'effective_from']) }}) as members
        on
            days.account_id = members.account_id
            and days.delivery_on between members.effective_from and coalesce(members.effective_to, date '9999-12-31')
    inner join ({{ landed_head('contract', ['contract_id']) }}) as contracts
        on
            members.contract_id = contracts.contract_id
            and days.delivery_on between contracts.effective_from and contracts.effective_to
    group by days.account_id, days.delivery_on
    having count(distinct contracts.contract_id) = 1
)

select
    contract_days.province,
    contract_days.customer_id,
    slots.delivery_on,
    cast(slots.slot as integer) as slot,
    cast(slots.delivery_on as timestamp) + (slots.slot - 1) * interval '15 minutes' as slot_start_at,
    lpad(cast(slots.slot / 4 as text), 2, '0') || ':' || lpad(cast(slots.slot % 4 * 15 as text), 2, '0') as slot_label,
    cast(case when count(slots.net_wh) = count(*) then sum(slots.net_wh) end as bigint) as net_wh,
    cast(sum(slots.net_wh) as bigint) as known_net_wh,
    cast(count(*) as integer) as live_points,
    cast(count(slots.net_wh) as integer) as known_points,
    cast(count(*) filter (where slots.net_wh is null and slots.is_awaited) as integer) as awaited_points
from slots
inner join contract_days
    on
        slots.account_id = contract_days.account_id
        and slots.delivery_on = contract_days.delivery_on
group by grouping sets (
    (contract_days.province, contract_days.customer_id, slots.delivery_on, slots.slot),
    (contract_days.province, slots.delivery_on, slots.slot)
)

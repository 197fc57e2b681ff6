{# Net live slots of the points under exactly one contract that day, by the point's rule, as a select: province,
   customer_id, metering_point_id, delivery_on, slot, net_wh, is_awaited. A slot missing in a channel that counts is
   missing. Points come first, so that a customer's curve reads the readings of that customer's points only. #}
{% macro live_net_slots() -%}
    with points as (
        select
            dated.metering_point_id,
            dated.account_id,
            dated.net_rule,
            dated.effective_from,
            {{ valid_to('dated', 'metering_point_id') }} as valid_to
        from ({{ landed_head('metering_point', ['metering_point_id', 'effective_from']) }}) as dated
    ),

    spans as (
        select
            members.account_id,
            contracts.contract_id,
            contracts.customer_id,
            contracts.province,
            greatest(members.effective_from, contracts.effective_from) as effective_from,
            least(members.effective_to, contracts.effective_to) as effective_to
        from ({{ landed_head('contract_account', ['contract_id', 'account_id', 'effective_from']) }}) as members
        inner join ({{ landed_head('contract', ['contract_id']) }}) as contracts
            on members.contract_id = contracts.contract_id
    )

    select
        spans.province,
        spans.customer_id,
        points.metering_point_id,
        live.delivery_on,
        live.slot,
        max(case live.channel when 'active_import' then live.energy_wh end)
        - case points.net_rule
            when 'import_minus_export' then max(case live.channel when 'active_export' then live.energy_wh end) else 0
        end as net_wh,
        bool_or(live.slot_status = 'awaited') as is_awaited
    from spans
    inner join points on spans.account_id = points.account_id
    cross join lateral (
        select slots.*
        from ({{ live_slots() }}) as slots
        where
            slots.metering_point_id = points.metering_point_id
            and slots.channel in ('active_import', 'active_export')
    ) as live
    where
        live.delivery_on between points.effective_from and points.valid_to
        and live.delivery_on between spans.effective_from and spans.effective_to
        and not exists (
            select 1
            from spans as others
            where
                others.account_id = spans.account_id
                and others.contract_id <> spans.contract_id
                and live.delivery_on between others.effective_from and others.effective_to
        )
    group by
        spans.province, spans.customer_id, points.metering_point_id, points.net_rule, live.delivery_on, live.slot
{%- endmacro %}

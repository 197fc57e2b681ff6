-- Recovery per kind, month and rule pack. Signed periods (net_if_positive) add up over the kinds of their group, and count
-- only where that sum is above 0; a kind in force that recovers nothing has a line of 0. Here, and only here, the amounts are rounded.
with settled as (
    select periods.*
    from {{ ref('int_recovery_period') }} as periods
    where
        exists (
            select 1
            from {{ ref('int_settlement_day') }} as days
            where
                days.province = periods.province
                and days.delivery_month = periods.delivery_month
                and days.delivery_on = coalesce(periods.delivery_on, days.delivery_on)
        )
),

netted as (
    select
        settled.*,
        sum(settled.amount_nano) over (
            partition by
                settled.province,
                settled.delivery_month,
                settled.pack_hash,
                settled.sign_rule,
                settled.net_group,
                settled.aggregate,
                case when settled.aggregate <> 'month' then settled.delivery_on end,
                case when settled.aggregate = 'period' then settled.part end
        ) as group_nano
    from settled
),

charged as (
    select
        netted.province,
        netted.delivery_month,
        netted.pack_hash,
        netted.kind,
        bool_or(netted.amount_nano is null) as is_unknown,
        sum(netted.excess_wh) filter (where netted.sign_rule = 'positive_part' or netted.group_nano > 0) as excess_wh,
        sum(netted.amount_nano) filter (where netted.sign_rule = 'positive_part' or netted.group_nano > 0) as amount_nano
    from netted
    group by netted.province, netted.delivery_month, netted.pack_hash, netted.kind
)

select
    rules.province,
    rules.delivery_month,
    rules.is_open_month,
    rules.pack_hash,
    'recovery_' || rules.kind as component,
    {{ wh_to_mwh('coalesce(charged.excess_wh, 0)') }} as quantity_mwh,
    cast(null as numeric) as price_cny_per_mwh,
    {{ nano_to_cny('coalesce(charged.amount_nano, 0)') }} as amount_cny,
    'deviation revenue recovered: ' || rules.kind || ', by the ' || rules.period as note
from {{ ref('int_recovery_rule') }} as rules
left join charged
    on
        rules.province = charged.province
        and rules.delivery_month = charged.delivery_month
        and rules.pack_hash = charged.pack_hash
        and rules.kind = charged.kind
where
    rules.incomplete = ''
    and rules.unannounced = ''
    -- one unknown period makes the amount unknown; it blocks a month asked for, and of the running month the kind waits
    and not coalesce(charged.is_unknown, false)
    and exists (
        select 1
        from {{ ref('int_settlement_day') }} as days
        where
            days.province = rules.province
            and days.delivery_month = rules.delivery_month
            and days.pack_hash = rules.pack_hash
    )

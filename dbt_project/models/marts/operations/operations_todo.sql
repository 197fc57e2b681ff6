-- Open points for people, one row per subject and month: de-duplicated, with owner and reason (domain §8).
with blockers as (
    select
        case when blockers.is_open_month then 'warn' else 'alarm' end as severity,
        'blocker_' || blockers.blocker_kind as kind,
        blockers.province,
        coalesce(min(blockers.delivery_on), blockers.delivery_month) as opened_on,
        cast(blockers.delivery_month + interval '1 month' as date) as due_on,
        case
            when blockers.blocker_kind in ('slot_missing', 'metering_missing') then '{{ var("owner_metering") }}'
            when blockers.blocker_kind in ('price_missing', 'position_missing', 'parameter_missing', 'item_missing') then '{{ var("owner_trading") }}'
            when blockers.blocker_kind = 'rule_missing' then '{{ var("owner_settlement") }}'
            else '{{ var("owner_sales") }}'
        end as owner,
        blockers.object_id as subject,
        {{ province_zh('blockers.province') }} || ' ' || to_char(blockers.delivery_month, 'YYYY-MM') || '：' || max(words.kind_zh) || '，'
        || blockers.object_id || '，共 ' || count(*) || ' 处' as message_zh,
        {{ province_en('blockers.province') }} || ' ' || to_char(blockers.delivery_month, 'YYYY-MM') || ': ' || min(blockers.message)
        || case when count(*) > 1 then ' (and ' || (count(*) - 1) || ' more)' else '' end as message_en
    from {{ ref('settlement_blocker') }} as blockers
    inner join (
        values
        ('price_missing', '缺少电价'),
        ('slot_missing', '缺少时点电量'),
        ('point_without_contract', '计量点没有合同'),
        ('point_in_two_contracts', '计量点同时属于两份合同'),
        ('rule_missing', '缺少市场规则'),
        ('metering_missing', '缺少计量数据'),
        ('position_missing', '缺少日前出清电量'),
        ('contract_price_missing', '合同缺少电价'),
        ('parameter_missing', '缺少市场公布参数'),
        ('item_missing', '缺少市场运营科目'),
        ('contract_without_account', '合同没有户号'),
        ('contract_terms_unclear', '合同适用的套餐不明'),
        ('contract_input_missing', '合同套餐缺少计价数据')
    ) as words (kind, kind_zh) on blockers.blocker_kind = words.kind
    group by
        blockers.is_open_month, blockers.blocker_kind, blockers.province, blockers.delivery_month, blockers.object_id
),

-- gaps of months that are not being settled, so that no blocker names them
gaps as (
    select
        'warn' as severity,
        'metering_gap' as kind,
        cast(null as text) as province,
        min(points.delivery_on) as opened_on,
        cast(null as date) as due_on,
        '{{ var("owner_metering") }}' as owner,
        points.metering_point_id as subject,
        '计量点 ' || points.metering_point_id || ' 在 ' || to_char(min(points.delivery_on), 'YYYY-MM') || ' 缺 '
        || sum(points.missing_slots) || ' 个时点' as message_zh,
        'metering point ' || points.metering_point_id || ' lacks ' || sum(points.missing_slots) || ' slots in '
        || to_char(min(points.delivery_on), 'YYYY-MM') as message_en
    from {{ ref('int_point_day_energy') }} as points
    cross join {{ ref('stg_run') }} as run
    where
        points.assignment_status = 'assigned'
        and points.missing_slots > 0
        and points.delivery_on < run.business_date
        and not exists (
            select 1
            from {{ ref('int_settlement_scope_day') }} as scope
            where
                scope.province = points.province
                and scope.delivery_on = points.delivery_on
        )
    group by points.metering_point_id, date_trunc('month', points.delivery_on)
),

-- metering that no contract claims, outside the months being settled
unassigned as (
    select
        'warn' as severity,
        'point_without_contract' as kind,
        cast(null as text) as province,
        min(points.delivery_on) as opened_on,
        cast(null as date) as due_on,
        '{{ var("owner_sales") }}' as owner,
        points.metering_point_id as subject,
        '计量点 ' || points.metering_point_id || ' 有电量但不属于唯一一份合同，共 ' || count(*) || ' 天' as message_zh,
        'metering point ' || points.metering_point_id || ' is metered and not in exactly one contract, on '
        || count(*) || ' days' as message_en
    from {{ ref('int_point_day_assignment') }} as points
    where
        points.assignment_status <> 'assigned'
        and not exists (
            select 1
            from {{ ref('int_settlement_scope_day') }} as scope
            where scope.delivery_on = points.delivery_on
        )
    group by points.metering_point_id
),

expiring as (
    select
        case when renewals.days_to_expiry <= {{ var('contract_renewal_last_days') }} then 'warn' else 'info' end as severity,
        'contract_expiring' as kind,
        cast(null as text) as province,
        renewals.effective_to - {{ var('contract_expiry_notice_days') }} as opened_on,
        renewals.effective_to as due_on,
        coalesce(renewals.manager_username, '{{ var("owner_sales") }}') as owner,
        renewals.contract_id as subject,
        renewals.customer_name || ' 的合同 ' || renewals.contract_id || ' 将于 '
        || to_char(renewals.effective_to, 'YYYY-MM-DD') || ' 到期（' || renewals.renewal_level || '）：' || renewals.action_zh as message_zh,
        'contract ' || renewals.contract_id || ' of ' || renewals.customer_name_en || ' ends on '
        || to_char(renewals.effective_to, 'YYYY-MM-DD') || ' (' || renewals.renewal_level || '): ' || renewals.action_en as message_en
    from {{ ref('sales_renewal') }} as renewals
),

orphans as (
    select
        'warn' as severity,
        'sales_reference_missing' as kind,
        cast(null as text) as province,
        missing.opened_on,
        cast(null as date) as due_on,
        '{{ var("owner_sales") }}' as owner,
        missing.feed || ' ' || missing.wanted_feed || ' ' || missing.wanted_id as subject,
        missing.feed || ' 的 ' || missing.records || ' 条记录（如 ' || missing.first_record_id || '）指向未收到的 '
        || missing.wanted_feed || ' ' || missing.wanted_id as message_zh,
        missing.records || ' records of ' || missing.feed || ' (e.g. ' || missing.first_record_id || ') name '
        || missing.wanted_feed || ' ' || missing.wanted_id || ', which was not delivered' as message_en
    from {{ ref('int_sales_orphan') }} as missing
),

incomplete as (
    select
        kpis.status as severity,
        'data_completeness' as kind,
        cast(null as text) as province,
        kpis.delivery_month as opened_on,
        cast(null as date) as due_on,
        '{{ var("owner_metering") }}' as owner,
        kpis.province || ' ' || to_char(kpis.delivery_month, 'YYYY-MM') as subject,
        {{ province_zh('kpis.province') }} || ' ' || to_char(kpis.delivery_month, 'YYYY-MM') || ' 数据完整率 '
        || round(kpis.value * 100, 2) || '%' as message_zh,
        'data completeness of ' || {{ province_en('kpis.province') }} || ' in ' || to_char(kpis.delivery_month, 'YYYY-MM') || ' is '
        || round(kpis.value * 100, 2) || ' %' as message_en
    from {{ ref('operations_kpi_month') }} as kpis
    where
        kpis.kpi_code = 'data_completeness_rate'
        and kpis.status in ('warn', 'alarm')
),

registers as (
    select
        'warn' as severity,
        'register_deviation' as kind,
        cast(null as text) as province,
        checks.to_on + 1 as opened_on,
        cast(null as date) as due_on,
        '{{ var("owner_metering") }}' as owner,
        checks.metering_point_id || ' ' || to_char(checks.delivery_month, 'YYYY-MM') || ' ' || checks.channel as subject,
        '计量点 ' || checks.metering_point_id || ' ' || to_char(checks.delivery_month, 'YYYY-MM') || ' 曲线与表码相差 '
        || checks.difference_kwh || ' kWh' as message_zh,
        'curve and register of metering point ' || checks.metering_point_id || ' differ by ' || checks.difference_kwh
        || ' kWh in ' || to_char(checks.delivery_month, 'YYYY-MM') as message_en
    from {{ ref('energy_register_check') }} as checks
    where checks.check_status = 'deviates'
),

-- a month that has contract trades on some of its days and none on others: allowed, and worth a look
mlt_gaps as (
    select
        'info' as severity,
        'mlt_position_gap' as kind,
        cast(null as text) as province,
        min(positions.delivery_on) as opened_on,
        cast(null as date) as due_on,
        '{{ var("owner_trading") }}' as owner,
        positions.province || ' ' || to_char(positions.delivery_month, 'YYYY-MM') as subject,
        {{ province_zh('positions.province') }} || ' ' || to_char(positions.delivery_month, 'YYYY-MM') || ' 有 ' || count(*)
        || ' 天没有中长期合同电量' as message_zh,
        'no contract quantity on ' || count(*) || ' days of ' || to_char(positions.delivery_month, 'YYYY-MM') || ' in '
        || {{ province_en('positions.province') }} as message_en
    from {{ ref('int_position_day') }} as positions
    where
        positions.mlt_wh = 0
        and exists (
            select 1
            from {{ ref('int_position_day') }} as others
            where
                others.province = positions.province
                and others.delivery_month = positions.delivery_month
                and others.mlt_wh <> 0
        )
    group by positions.province, positions.delivery_month
),

todos as (
    {%- for part in ['blockers', 'gaps', 'unassigned', 'expiring', 'orphans', 'incomplete', 'registers', 'mlt_gaps'] %}
        select {{ part }}.* from {{ part }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    -- the same thing can be missing in two provinces, such as the real-time price; where there is none concat_ws skips it
    md5(concat_ws('|', todos.kind, todos.province, todos.subject, to_char(todos.opened_on, 'YYYY-MM-DD'))) as todo_id,
    -- the cause behind it: the same while its text, its count and its first day change
    concat_ws(
        '|', todos.kind, todos.province, todos.subject,
        case when todos.kind <> 'point_without_contract' then to_char(todos.opened_on, 'YYYY-MM') end
    ) as cause_key,
    todos.severity,
    todos.kind,
    todos.opened_on,
    todos.due_on,
    todos.owner,
    todos.subject,
    todos.message_zh,
    todos.message_en
from todos

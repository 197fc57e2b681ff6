-- metering that a settled day lacks: whole days, single slots, points without a contract or with two, contracts without
-- an account, accounts without a point
with scope as (
    select distinct
        scope.province,
        scope.delivery_month,
        scope.delivery_on,
        scope.is_open_month
    from {{ ref('int_settlement_scope_day') }} as scope
),

channel_day as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        points.metering_point_id,
        points.delivery_on,
        points.missing_slots,
        channels.channel,
        channels.version
    from scope
    inner join {{ ref('int_point_day_energy') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    cross join
        lateral (
            values
            ('active_import', points.version, true),
            ('active_export', points.export_version, points.is_export_netted)
        ) as channels (channel, version, is_needed)
    where
        channels.is_needed
        and points.missing_slots > 0
),

slot_gap as (
    select
        channel_day.*,
        head.file_name,
        head.line_no,
        slots.slot
    from channel_day
    inner join {{ ref('stg_meter_day') }} as head
        on
            channel_day.delivery_on = head.delivery_on
            and channel_day.metering_point_id = head.metering_point_id
            and channel_day.channel = head.channel
    cross join lateral {{ curve_rows(['head']) }} as slots (slot, wh)
    where slots.wh is null
),

unassigned as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        points.metering_point_id,
        points.account_id,
        points.delivery_on,
        points.assignment_status
    from {{ ref('int_point_day_assignment') }} as points
    -- the province of a point without a contract is that of its account's other contracts, else that of its
    -- customer's where there is but one; else nobody knows whose energy it is, and every province waits
    left join lateral (
        select min(contracts.province) as province
        from {{ ref('stg_contract_account') }} as members
        inner join {{ ref('stg_contract') }} as contracts on members.contract_id = contracts.contract_id
        where members.account_id = points.account_id
    ) as of_account on true
    left join lateral (
        select min(contracts.province) as province
        from {{ ref('stg_contract') }} as contracts
        where contracts.customer_id = points.customer_id
        having count(distinct contracts.province) = 1
    ) as of_customer on true
    inner join scope
        on
            points.delivery_on = scope.delivery_on
            and coalesce(of_account.province, of_customer.province, scope.province) = scope.province
    where points.assignment_status <> 'assigned'
),

pointless as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        scope.delivery_on,
        members.account_id,
        contracts.contract_id,
        contracts.file_name,
        contracts.line_no
    from scope
    inner join {{ ref('stg_contract') }} as contracts
        on
            scope.province = contracts.province
            and scope.delivery_on between contracts.effective_from and contracts.effective_to
    -- a contract that covers no account has to be seen here, or it would be left out of the bill unsaid
    left join {{ ref('stg_contract_account') }} as members
        on
            contracts.contract_id = members.contract_id
            and scope.delivery_on between members.effective_from and members.effective_to
    left join {{ ref('int_point_day_assignment') }} as points
        on
            members.account_id = points.account_id
            and scope.delivery_on = points.delivery_on
    where points.account_id is null
),

contractless as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month
    from scope
    left join {{ ref('int_point_day_assignment') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    group by scope.province, scope.delivery_month, scope.is_open_month
    having count(points.contract_id) = 0
)

select
    gaps.province,
    gaps.delivery_month,
    gaps.is_open_month,
    'metering_missing' as blocker_kind,
    gaps.metering_point_id as object_id,
    gaps.delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    gaps.channel as field,
    'no ' || gaps.channel || ' of metering point ' || gaps.metering_point_id || ' was delivered for ' || gaps.delivery_on as message,
    'deliver the day in feed meter_day' as remedy
from channel_day as gaps
where gaps.version is null

union all

select
    gaps.province,
    gaps.delivery_month,
    gaps.is_open_month,
    'slot_missing' as blocker_kind,
    gaps.metering_point_id as object_id,
    gaps.delivery_on,
    gaps.slot,
    gaps.file_name,
    gaps.line_no,
    'p' || lpad(cast(gaps.slot as text), 2, '0') as field,
    gaps.channel || ' of metering point ' || gaps.metering_point_id || ' has no value in slot ' || gaps.slot || ' of ' || gaps.delivery_on as message,
    'deliver the day again in feed meter_day with that slot filled' as remedy
from slot_gap as gaps

union all

select
    points.province,
    points.delivery_month,
    points.is_open_month,
    case points.assignment_status when 'in_two_contracts' then 'point_in_two_contracts' else 'point_without_contract' end as blocker_kind,
    points.metering_point_id as object_id,
    points.delivery_on,
    cast(null as integer) as slot,
    coalesce(head.file_name, 'no delivery') as file_name,
    head.line_no,
    case points.assignment_status when 'unknown_point' then 'metering_point_id' else 'account_id' end as field,
    case points.assignment_status
        when 'in_two_contracts'
            then
                'account '
                || points.account_id
                || ' of metering point '
                || points.metering_point_id
                || ' is in two contracts on '
                || points.delivery_on
        when 'unknown_point'
            then 'metering point ' || points.metering_point_id || ' was metered on ' || points.delivery_on || ' and is not in feed metering_point'
        else 'account ' || points.account_id || ' of metering point ' || points.metering_point_id || ' has no contract on ' || points.delivery_on
    end as message,
    case points.assignment_status
        when 'in_two_contracts' then 'end one of the contracts in feed contract_account'
        when 'unknown_point' then 'deliver the metering point, or its delivery was for someone else'
        else 'deliver contract and contract_account for that day'
    end as remedy
from unassigned as points
left join {{ ref('stg_meter_day') }} as head
    on
        points.delivery_on = head.delivery_on
        and points.metering_point_id = head.metering_point_id
        and head.channel = 'active_import'

union all

select
    accounts.province,
    accounts.delivery_month,
    accounts.is_open_month,
    'metering_missing' as blocker_kind,
    accounts.account_id as object_id,
    accounts.delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    'metering_point_id' as field,
    'account ' || accounts.account_id || ' of contract ' || accounts.contract_id || ' has no metering point on ' || accounts.delivery_on as message,
    'deliver its metering point in feed metering_point' as remedy
from pointless as accounts
where accounts.account_id is not null

union all

select
    contracts.province,
    contracts.delivery_month,
    contracts.is_open_month,
    'contract_without_account' as blocker_kind,
    contracts.contract_id as object_id,
    contracts.delivery_on,
    cast(null as integer) as slot,
    contracts.file_name,
    contracts.line_no,
    'account_id' as field,
    'contract '
    || contracts.contract_id
    || ' ('
    || contracts.file_name
    || ' line '
    || contracts.line_no
    || ') covers no account on '
    || contracts.delivery_on as message,
    'deliver its account for that day in feed contract_account, or correct the dates of the contract in feed contract' as remedy
from pointless as contracts
where contracts.account_id is null

union all

select
    months.province,
    months.delivery_month,
    months.is_open_month,
    'metering_missing' as blocker_kind,
    months.province as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    'contract_id' as field,
    'no metering point of ' || months.province || ' is under a contract in ' || to_char(months.delivery_month, 'YYYY-MM') as message,
    'deliver contracts, accounts and metering points for the month' as remedy
from contractless as months

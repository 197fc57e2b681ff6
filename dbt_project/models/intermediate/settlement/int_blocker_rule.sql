-- days whose rules are absent or incomplete, and contracts in a province that has none
with pack_problem as (
    select
        scope.*,
        case
            when scope.pack_hash is null then 'pack'
            when scope.settlement_form is null then 'settlement.form'
            when scope.vat_rate is null then 'settlement.vat_rate'
            when scope.settlement_form = 'difference' and scope.reference_series is null then 'settlement.reference_point'
            when scope.settlement_form = 'monthly_balance' and scope.balance_energy_price is null
                then 'settlement.balance_energy_price'
            when scope.settlement_form = 'monthly_balance' and scope.deviation_bands is null then 'settlement.deviation_bands'
        end as field
    from {{ ref('int_settlement_scope_day') }} as scope
),

tou_problem as (
    select distinct
        scope.province,
        scope.delivery_month,
        scope.delivery_on,
        scope.is_open_month,
        tou.condition_code,
        tou.condition_description,
        tou.condition_decided_by
    from {{ ref('int_settlement_scope_day') }} as scope
    inner join {{ ref('int_point_day_energy') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    inner join {{ ref('stg_contract') }} as contracts on points.contract_id = contracts.contract_id
    left join {{ ref('stg_tou_day') }} as tou
        on
            scope.province = tou.province
            and scope.delivery_on = tou.delivery_on
            and tou.does_condition_hold is null
    where
        contracts.package_type = 'tou_fixed'
        and points.tou_schedule_id is null
),

asked_month as (
    select distinct
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        cast(scope.delivery_month + interval '1 month - 1 day' as date) as last_on
    from {{ ref('int_settlement_scope_day') }} as scope
    where not scope.is_open_month
),

-- A contract in a province without rules is in no month's scope: its energy would be neither billed nor bought. As the
-- province may be a misspelt one, nobody knows whose energy it is, and every month asked for waits. In its own
-- province the days without a pack are named above, and so they are in the open month.
misplaced as (
    select
        months.province,
        months.delivery_month,
        months.is_open_month,
        contracts.contract_id,
        contracts.province as contract_province,
        contracts.file_name,
        contracts.line_no
    from asked_month as months
    inner join {{ ref('stg_contract') }} as contracts
        on
            months.province <> contracts.province
            and months.last_on >= contracts.effective_from
            and months.delivery_month <= contracts.effective_to
    where
        not exists (
            select 1
            from {{ ref('stg_pack_day') }} as packs
            where
                packs.province = contracts.province
                and packs.delivery_on between months.delivery_month and months.last_on
                and packs.delivery_on between contracts.effective_from and contracts.effective_to
        )
),

moved as (
    select
        points.metering_point_id,
        scope.province,
        scope.delivery_month,
        scope.is_open_month
    from {{ ref('int_settlement_scope_day') }} as scope
    inner join {{ ref('int_point_day_assignment') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    where scope.mid_month_change = 'whole_month'
    group by points.metering_point_id, scope.province, scope.delivery_month, scope.is_open_month
    having count(distinct points.contract_id) > 1
)

select
    problems.province,
    problems.delivery_month,
    problems.is_open_month,
    'rule_missing' as blocker_kind,
    problems.province as object_id,
    problems.delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    problems.field,
    case
        when problems.field = 'pack' then 'no rule pack of ' || problems.province || ' rules ' || problems.delivery_on
        else 'the rule pack of ' || problems.province || ' has no ' || problems.field || ' for ' || problems.delivery_on
    end as message,
    'add the value to the rule pack of ' || problems.province || ' that covers ' || problems.delivery_on || ' and load it' as remedy
from pack_problem as problems
where problems.field is not null

union all

select
    problems.province,
    problems.delivery_month,
    problems.is_open_month,
    'rule_missing' as blocker_kind,
    problems.province as object_id,
    problems.delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    case when problems.condition_code is null then 'tou.schedule' else 'tou.conditions' end as field,
    case
        when problems.condition_code is null
            then 'no time-of-use schedule of ' || problems.province || ' for ' || problems.delivery_on || ', and a TOU contract needs one'
        else
            case
                when problems.condition_decided_by = 'calendar'
                    then 'the calendar has no public holidays of ' || extract(year from problems.delivery_on) || ', so that it is not known'
                else 'nobody has said'
            end
            || ' whether condition '
            || problems.condition_code
            || ' ('
            || problems.condition_description
            || ') of '
            || problems.province
            || ' held on '
            || problems.delivery_on
            || ', and a TOU contract needs the time of use of that day'
    end as message,
    case
        when problems.condition_code is null
            then 'add tou.schedule to the rule pack that covers ' || problems.delivery_on || ' and load it'
        when problems.condition_decided_by = 'calendar'
            then 'add the holidays of ' || extract(year from problems.delivery_on) || ' to the seed calendar_exception'
        else
            'deliver ' || problems.province || ', ' || problems.delivery_on || ', ' || problems.condition_code
            || ' and yes or no in feed tou_condition_day'
    end as remedy
from tou_problem as problems

union all

select
    moved.province,
    moved.delivery_month,
    moved.is_open_month,
    'rule_missing' as blocker_kind,
    moved.metering_point_id as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    'settlement.mid_month_change' as field,
    'metering point ' || moved.metering_point_id || ' changes contract inside the month, and the pack counts whole months' as message,
    'let the contracts change on the first of a month, or set mid_month_change to split_by_day' as remedy
from moved

union all

select
    misplaced.province,
    misplaced.delivery_month,
    misplaced.is_open_month,
    'rule_missing' as blocker_kind,
    misplaced.contract_id as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    misplaced.file_name,
    misplaced.line_no,
    'province' as field,
    'contract '
    || misplaced.contract_id
    || ' ('
    || misplaced.file_name
    || ' line '
    || misplaced.line_no
    || ') is in province '
    || misplaced.contract_province
    || ', which no rule pack rules in '
    || to_char(misplaced.delivery_month, 'YYYY-MM')
    || ', so that nobody knows whose energy it is' as message,
    'correct province of the contract in feed contract, or load a rule pack of '
    || misplaced.contract_province
    || ' that covers its days' as remedy
from misplaced

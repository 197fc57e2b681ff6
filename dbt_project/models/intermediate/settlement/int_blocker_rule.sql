-- days whose rules are absent or say what is not supported
with pack_problem as (
    select
        scope.*,
        case
            when scope.pack_hash is null then 'pack'
            when scope.settlement_form is null then 'settlement.form'
            when scope.vat_rate is null then 'settlement.vat_rate'
            when scope.reference_series is null and scope.settlement_form = 'difference' then 'settlement.reference_point'
            when scope.reference_series is null then 'settlement.form'
        end as field
    from {{ ref('int_settlement_scope_day') }} as scope
),

tou_problem as (
    select distinct
        scope.province,
        scope.delivery_month,
        scope.delivery_on,
        scope.is_open_month
    from {{ ref('int_settlement_scope_day') }} as scope
    inner join {{ ref('int_point_day_energy') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    inner join {{ ref('stg_contract') }} as contracts on points.contract_id = contracts.contract_id
    where
        contracts.package_type = 'tou_fixed'
        and points.tou_schedule_id is null
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
        when problems.field = 'settlement.form' and problems.settlement_form is not null
            then 'settlement form ' || problems.settlement_form || ' is not settled by this release'
        when problems.field = 'settlement.reference_point' and problems.reference_point is not null
            then 'reference point ' || problems.reference_point || ' is not settled by this release'
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
    'tou.schedule' as field,
    'no time-of-use schedule of ' || problems.province || ' for ' || problems.delivery_on || ', and a TOU contract needs one' as message,
    'add tou.schedule to the rule pack that covers ' || problems.delivery_on || ' and load it' as remedy
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

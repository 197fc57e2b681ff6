-- Month total less the sum of the days (domain §4.1), where a total was delivered for a whole month under one contract. An
-- account's total goes before those of its points. A difference beyond the tolerance of energy_month_check is contested:
-- it enters no amount until the total or the curves are corrected.
with point_month as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        points.metering_point_id,
        points.account_id,
        points.contract_id,
        points.is_export_netted,
        points.delivery_on
    from {{ ref('int_settlement_scope_day') }} as scope
    inner join {{ ref('int_point_day_energy') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    where not scope.is_open_month
),

subject_month as (
    select
        members.province,
        members.delivery_month,
        subjects.subject_type,
        subjects.subject_id,
        min(members.contract_id) as contract_id,
        min(members.account_id) as account_id,
        bool_and(members.is_export_netted) as is_export_netted
    from point_month as members
    cross join
        lateral (
            values ('metering_point', members.metering_point_id), ('account', members.account_id)
        ) as subjects (subject_type, subject_id)
    group by members.province, members.delivery_month, subjects.subject_type, subjects.subject_id
    having
        count(distinct members.contract_id) = 1
        and count(distinct members.delivery_on)
        = cast(members.delivery_month + interval '1 month' as date) - members.delivery_month
),

compared as (
    select
        subjects.province,
        subjects.delivery_month,
        subjects.contract_id,
        subjects.account_id,
        subjects.subject_type,
        subjects.subject_id,
        totals.channel,
        totals.energy_kwh,
        case totals.channel when 'active_import' then 1 else -1 end * (totals.energy_kwh - curves.curve_kwh) as difference_kwh,
        bool_or(totals.subject_type = 'account') over (
            partition by subjects.account_id, subjects.delivery_month, totals.channel
        ) as has_account_total
    from subject_month as subjects
    inner join {{ ref('stg_month_energy') }} as totals
        on
            subjects.subject_type = totals.subject_type
            and subjects.subject_id = totals.subject_id
            and subjects.delivery_month = totals.delivery_month
            and totals.period = 'all'
    inner join {{ ref('int_month_curve') }} as curves
        on
            totals.subject_type = curves.subject_type
            and totals.subject_id = curves.subject_id
            and totals.channel = curves.channel
            and totals.period = curves.period
            and totals.delivery_month = curves.delivery_month
    where
        (totals.channel = 'active_import' or (totals.channel = 'active_export' and subjects.is_export_netted))
        and curves.missing_slots = 0
        and curves.curve_kwh is not null
)

select
    compared.province,
    compared.delivery_month,
    compared.contract_id,
    compared.account_id,
    compared.subject_type,
    compared.subject_id,
    compared.channel,
    compared.difference_kwh,
    abs(compared.difference_kwh) > {{ var('register_check_tolerance_rate') }} * compared.energy_kwh as is_contested
from compared
where compared.subject_type = 'account' or not compared.has_account_total
